;;; wtop-mode.el --- Labs of virtual networks as text  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, comments and indentation for `.wtop' files, and the language server `wtop lsp' for eglot:
;;
;;   (add-to-list 'load-path "~/wtop/editors/emacs")
;;   (require 'wtop-mode)
;;   (add-hook 'wtop-mode-hook #'eglot-ensure)

;;; Code:

(defgroup wtop nil
  "Labs of virtual networks as text."
  :group 'languages)

(defcustom wtop-program '("wtop" "lsp")
  "The language server: the program and its arguments."
  :type '(repeat string))

(defcustom wtop-indent 2
  "Columns for each open bracket."
  :type 'integer)

(defvar wtop-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?- "_" table)
    table))

(defconst wtop-font-lock-keywords
  (list
   ;; Words begin an item only where no `=' or `{' follows: `image = "x"' is an attribute.
   (list (concat "\\(?:^\\|[{,]\\)[ \t]*\\(?:\\(pub\\)[ \t]+\\)?"
                 (regexp-opt '("edition" "topology" "use" "param" "let" "type" "pool" "node" "network" "link" "lag"
                               "wire" "interface" "vlan" "vrf" "device" "module" "defaults" "override" "remove"
                               "attribute" "check" "expect" "target" "image" "vm" "nic" "disk" "media")
                             t)
                 "[ \t]+[^={+ \t]")
         '(1 font-lock-keyword-face nil t) '(2 font-lock-keyword-face))
   (cons (regexp-opt '("if" "then" "else" "for" "in" "and" "or" "not" "where" "from" "each" "extends" "tagged") 'symbols)
         'font-lock-keyword-face)
   (cons (regexp-opt '("true" "false" "null" "self") 'symbols) 'font-lock-constant-face)
   ;; A device or type stands behind a colon and a blank, an interface right behind a colon.
   '("\\(?:\\sw\\|\\s_\\|\\]\\):[ \t]+\\([A-Za-z_][A-Za-z0-9_.-]*\\)" 1 font-lock-type-face)
   '("\\(?:\\sw\\|\\s_\\|[])]\\):\\([A-Za-z_][A-Za-z0-9_./-]*\\)" 1 font-lock-variable-name-face)
   '("\\_<\\([A-Za-z_][A-Za-z0-9_-]*\\)[ \t]*\\+?=[^=]" 1 font-lock-variable-name-face)
   '("\\_<\\([A-Za-z_][A-Za-z0-9_-]*\\)(" 1 font-lock-function-name-face)
   '("\\_<[0-9]+\\(?:\\.[0-9]+\\)\\{3\\}\\(?:/[0-9]+\\)?" . font-lock-constant-face)
   '("\\_<[0-9]+\\(?:\\.[0-9]+\\)?\\(?:[kMGT]?B\\|[KMGT]iB\\|ns\\|us\\|ms\\|s\\|min\\|h\\|d\\|[kMGT]?bps\\|%\\)"
     . font-lock-constant-face))
  "Colours of `wtop-mode'.")

(defun wtop-indent-line ()
  "Indent by the brackets that are open before this line."
  (interactive)
  (let* ((open (save-excursion (car (syntax-ppss (line-beginning-position)))))
         (closes (save-excursion (back-to-indentation) (looking-at-p "\\s)")))
         (column (* wtop-indent (max 0 (if closes (1- open) open)))))
    (if (<= (current-column) (current-indentation))
        (indent-line-to column)
      (save-excursion (indent-line-to column)))))

;;;###autoload
(define-derived-mode wtop-mode prog-mode "wtop"
  "Major mode for labs of virtual networks."
  (setq-local comment-start "// "
              comment-start-skip "//+!?[ \t]*"
              indent-tabs-mode nil
              indent-line-function #'wtop-indent-line
              font-lock-defaults '(wtop-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.wtop\\'" . wtop-mode))

(defvar eglot-server-programs)

;;;###autoload
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs (cons 'wtop-mode (lambda (&rest _) wtop-program))))

(provide 'wtop-mode)
;;; wtop-mode.el ends here
