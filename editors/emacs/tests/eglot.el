;;; eglot.el --- The mode and the server in a real Emacs  -*- lexical-binding: t; -*-

;; WTOP=PROGRAM emacs --batch -q --eval '(package-initialize)' -L editors/emacs -l editors/emacs/tests/eglot.el

;;; Code:

(require 'cl-lib)
(require 'eglot)
(require 'flymake)
(require 'wtop-mode)

(setq wtop-program (list (getenv "WTOP") "lsp")
      eglot-sync-connect t
      make-backup-files nil)

(defvar passed 0)
(defvar failed 0)

(defun check (name holds &optional told)
  "Count whether NAME HOLDS, and say what was TOLD if not."
  (if holds
      (setq passed (1+ passed))
    (setq failed (1+ failed))
    (princ (format "  FAILED %s: %S\n" name told))))

(defun wait-for (ready)
  "Wait until READY returns something."
  (let ((end (+ (float-time) 20)) result)
    (while (and (not (setq result (funcall ready))) (< (float-time) end))
      (accept-process-output nil 0.05))
    result))

(defun offers (feature)
  "The server has to say that it has FEATURE; what it has not is not asked."
  (let ((is-offered (eglot--server-capable feature)))
    (check (format "the server offers %s" feature) is-offered)
    is-offered))

(defun messages ()
  "The texts of all diagnostics here."
  (flymake-start)
  (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))

(defun at (text)
  "Go to the start of TEXT."
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

(defun face-of (text)
  "The colour of TEXT."
  (font-lock-ensure)
  (at text)
  (get-text-property (point) 'face))

(defun hover-text ()
  "What the server says about point."
  (let ((answer (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (format "%S" answer)))

(let* ((folder (file-truename (make-temp-file "wtop" t)))
       (file (expand-file-name "lab.wtop" folder)))
  (write-region (concat "topology lab\n\nnetwork lan {   subnet = 10.1.0.0/24 }\nnode fw: vsrx\nnode h: debain // a host\n"
                        "link fw:ge-0/0/0 <-> lan\nlink h <-> lan\n")
                nil file)
  (find-file file)

  (check "the mode" (eq major-mode 'wtop-mode) major-mode)
  (check "a keyword" (eq (face-of "network") 'font-lock-keyword-face) (face-of "network"))
  (check "a device" (eq (face-of "vsrx") 'font-lock-type-face) (face-of "vsrx"))
  (check "a comment" (eq (face-of "a host") 'font-lock-comment-face) (face-of "a host"))

  (apply #'eglot--connect (eglot--guess-contact))
  (check "the server serves" (wait-for #'eglot-managed-p))
  (check "a mistake is told"
         (wait-for (lambda () (cl-some (lambda (text) (string-match-p "no device `debain`" text)) (messages))))
         (messages))
  (at "debain")
  (delete-char 6)
  (insert "debian")
  (check "and gone once mended" (wait-for (lambda () (eglot--signal-textDocument/didChange) (null (messages)))) (messages))

  (eglot-format-buffer)
  (check "formatting" (save-excursion (goto-char (point-min)) (search-forward "lan { subnet" nil t)) (buffer-string))

  (when (offers :hoverProvider)
    (at "vsrx")
    (check "hover" (string-match-p "Juniper" (hover-text)) (hover-text)))
  (when (offers :definitionProvider)
    (at "lan\nlink h")
    (call-interactively #'xref-find-definitions)
    (check "definition" (= (line-number-at-pos) 3) (line-number-at-pos)))
  (when (offers :completionProvider)
    (goto-char (point-max))
    (insert "node x: deb")
    (let* ((found (eglot-completion-at-point))
           (offered (all-completions "deb" (nth 2 found))))
      (check "completion" (member "debian" offered) offered))
    (delete-region (line-beginning-position) (point-max)))
  (when (offers :renameProvider)
    (at "lan {")
    (eglot-rename "office")
    (check "rename" (save-excursion (goto-char (point-min)) (search-forward "link h <-> office" nil t)) (buffer-string)))

  (goto-char (point-max))
  (insert "node y: debian {\nmemory = 1GiB\n}\n")
  (indent-region (point-min) (point-max))
  (check "indentation" (save-excursion (goto-char (point-min)) (search-forward "\n  memory = 1GiB\n}\n" nil t)) (buffer-string))

  (set-buffer-modified-p nil)
  (eglot-shutdown (eglot-current-server))
  (delete-directory folder t)
  (princ (format "%d passed, %d failed\n" passed failed))
  (kill-emacs (if (= failed 0) 0 1)))

;;; eglot.el ends here
