; Captures as nvim-treesitter has them.
[
  (block)
  (record)
  (record_type)
  (enum_type)
  (use_list)
  (list)
  (comprehension)
  (parameters)
  (arguments)
  (end_attributes)
  (reference_list)
  (indices)
  (dimensions)
  (parenthesized_expression)
] @indent.begin

; A line that goes on with a declaration: `<->`, `{`.
(link_declaration
  "<->" @indent.begin)

[
  "}"
  ")"
  "]"
] @indent.branch @indent.end

; Text keeps what its author gave it.
[
  (block_string)
  (raw_block_string)
] @indent.auto

[
  (comment)
  (ERROR)
] @indent.auto
