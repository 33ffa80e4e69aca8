; Captures as nvim-treesitter-textobjects has them.
[
  (device_declaration)
  (module_declaration)
] @class.outer

(device_declaration
  body: (block
    .
    "{"
    _+ @class.inner
    "}"))

(module_declaration
  body: (block
    .
    "{"
    _+ @class.inner
    "}"))

[
  (node_declaration)
  (link_declaration)
  (lag_declaration)
  (wire_declaration)
  (part_declaration)
  (interface_declaration)
  (check_declaration)
  (expect_declaration)
  (target_declaration)
] @function.outer

(_
  body: (block
    .
    "{"
    _+ @function.inner
    "}"))

(block) @block.outer

(block
  .
  "{"
  _+ @block.inner
  "}")

(for_statement) @loop.outer

(if_statement) @conditional.outer

(conditional_expression) @conditional.outer

[
  (argument)
  (parameter)
] @parameter.inner @parameter.outer

(attribute
  key: (_) @assignment.lhs
  value: (_) @assignment.inner @assignment.rhs) @assignment.outer

(call_expression) @call.outer

[
  (comment)
  (documentation)
  (file_documentation)
] @comment.outer

[
  (integer)
  (quantity)
] @number.inner
