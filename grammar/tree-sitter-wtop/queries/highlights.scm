; Names of captures as Neovim and Helix have them. Of several patterns for a node the last one counts.

(identifier) @variable

; Comments and documentation
(comment) @comment
(documentation) @comment.documentation
(file_documentation) @comment.documentation

; Keywords
[
  "edition"
  "topology"
  "param"
  "let"
  "pool"
  "node"
  "link"
  "lag"
  "wire"
  "interface"
  "defaults"
  "override"
  "remove"
  "attribute"
  "check"
  "expect"
  "target"
  "from"
  "at"
  "per"
  "on"
  "each"
  "extends"
  "tagged"
  "where"
] @keyword

[
  "device"
  "module"
  "type"
  "enum"
  "map"
] @keyword.type

[
  "use"
  "as"
] @keyword.import

"pub" @keyword.modifier

"for" @keyword.repeat

[
  "if"
  "then"
  "else"
] @keyword.conditional

[
  "and"
  "or"
  "not"
  "in"
] @keyword.operator

(part_declaration
  kind: (identifier) @keyword)

; Names that are declared
(topology_declaration
  name: (identifier) @module)

(node_declaration
  name: (identifier) @variable)

(link_declaration
  name: (identifier) @label)

(lag_declaration
  name: (identifier) @label)

(param_declaration
  name: (identifier) @variable.parameter)

(parameter
  name: (identifier) @variable.parameter)

(let_declaration
  name: (identifier) @constant)

(pool_declaration
  name: (identifier) @constant)

(type_declaration
  name: (identifier) @type.definition)

(device_declaration
  name: (identifier) @type.definition)

(module_declaration
  name: (identifier) @type.definition)

(interface_declaration
  name: (identifier) @property)

(attribute_declaration
  name: (identifier) @property)

(attribute_declaration
  on: (identifier) @keyword)

(part_declaration
  name: (identifier) @variable)

(check_declaration
  name: (identifier) @label)

(expect_declaration
  name: (identifier) @label)

(target_declaration
  name: (identifier) @label
  kind: (identifier) @constant.builtin)

(defaults_declaration
  of: (identifier) @keyword)

; Devices and types
(path
  (identifier) @type)

(use_declaration
  source: (path
    (identifier) @module))

(use_declaration
  alias: (identifier) @module)

(use_name
  (identifier) @type)

; Built-in types are one word.
((path
  .
  (identifier) @type.builtin
  .)
  (#any-of? @type.builtin
    "any" "bool" "int" "string" "size" "duration" "rate" "percent" "ip" "cidr" "prefix" "mac" "node" "interface"
    "network" "link" "pool" "vlan" "vrf" "secret"))

(enum_type
  (identifier) @constant)

(field
  name: (identifier) @variable.member)

; Attributes
(attribute
  key: (identifier) @property)

(group
  name: (identifier) @property)

(argument
  name: (identifier) @variable.parameter)

(field_expression
  field: (identifier) @variable.member)

(interface_name) @string.special

; Calls
(call_expression
  function: (identifier) @function.call)

(call_expression
  function: (field_expression
    field: (identifier) @function.method.call))

; Values
(integer) @number

(quantity) @number

(address) @string.special

[
  (true)
  (false)
] @boolean

(null) @constant.builtin

(self) @variable.builtin

[
  (string)
  (raw_string)
  (block_string)
  (raw_block_string)
] @string

(escape_sequence) @string.escape

(interpolation
  [
    "${"
    "}"
  ] @punctuation.special)

; Symbols
[
  "="
  "+="
  "=="
  "!="
  "<"
  "<="
  ">"
  ">="
  "??"
  ".."
  "+"
  "-"
  "*"
  "/"
  "%"
  "?"
  "<->"
] @operator

(all) @operator

[
  ","
  "."
  ":"
] @punctuation.delimiter

[
  "{"
  "}"
  "("
  ")"
  "["
  "]"
] @punctuation.bracket

(interpolation
  "}" @punctuation.special)

; Mistakes that keep their place in the tree
[
  (foreign_word)
  (misplaced_documentation)
  (misplaced_text)
  (misplaced_quotes)
] @error
