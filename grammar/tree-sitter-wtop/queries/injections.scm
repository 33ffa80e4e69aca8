; Texts in other languages, where what they are for says which.
((comment) @injection.content
  (#set! injection.language "comment"))

; Commands that a guest runs.
((attribute
  key: (identifier) @_key
  value: (list
    (_
      (string_content) @injection.content)))
  (#any-of? @_key "run" "run_each_boot")
  (#set! injection.language "bash"))

; What a console is waited for.
(expect_declaration
  condition: (_
    (string_content) @injection.content)
  (#set! injection.language "regex"))

; Files in a guest, by the end of their names.
((attribute
  key: (string) @_name
  value: (_
    (string_content) @injection.content))
  (#match? @_name "\\.ya?ml\"$")
  (#set! injection.language "yaml"))

((attribute
  key: (string) @_name
  value: (_
    (string_content) @injection.content))
  (#match? @_name "\\.json\"$")
  (#set! injection.language "json"))

((attribute
  key: (string) @_name
  value: (_
    (string_content) @injection.content))
  (#match? @_name "\\.sh\"$")
  (#set! injection.language "bash"))

; User data that says what it is.
((attribute
  value: (block_string
    .
    (string_content) @injection.content))
  (#match? @injection.content "^\\s*#cloud-config")
  (#set! injection.language "yaml"))

((attribute
  value: (block_string
    .
    (string_content) @injection.content))
  (#match? @injection.content "^\\s*#!.*sh")
  (#set! injection.language "bash"))
