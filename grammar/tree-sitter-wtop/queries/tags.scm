; What a file declares, for lists of symbols; a node refers to its device.
(
  (documentation)* @doc
  .
  (topology_declaration
    name: (identifier) @name) @definition.module
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.module))

(
  (documentation)* @doc
  .
  (device_declaration
    name: (identifier) @name) @definition.class
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.class))

(
  (documentation)* @doc
  .
  (module_declaration
    name: (identifier) @name) @definition.module
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.module))

(
  (documentation)* @doc
  .
  (type_declaration
    name: (identifier) @name) @definition.type
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.type))

(
  (documentation)* @doc
  .
  (let_declaration
    name: (identifier) @name) @definition.constant
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.constant))

(
  (documentation)* @doc
  .
  (param_declaration
    name: (identifier) @name) @definition.constant
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.constant))

(
  (documentation)* @doc
  .
  (pool_declaration
    name: (identifier) @name) @definition.constant
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.constant))

(
  (documentation)* @doc
  .
  (node_declaration
    name: (identifier) @name) @definition.variable
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.variable))

(
  (documentation)* @doc
  .
  (link_declaration
    name: (identifier) @name) @definition.variable
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.variable))

(
  (documentation)* @doc
  .
  (lag_declaration
    name: (identifier) @name) @definition.variable
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.variable))

(
  (documentation)* @doc
  .
  (interface_declaration
    name: (identifier) @name) @definition.interface
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.interface))

(
  (documentation)* @doc
  .
  (part_declaration
    name: (identifier) @name) @definition.variable
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.variable))

(
  (documentation)* @doc
  .
  (check_declaration
    name: (identifier) @name) @definition.function
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.function))

(
  (documentation)* @doc
  .
  (expect_declaration
    name: (identifier) @name) @definition.function
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.function))

(
  (documentation)* @doc
  .
  (target_declaration
    name: (identifier) @name) @definition.module
  (#strip! @doc "^///\\s?")
  (#select-adjacent! @doc @definition.module))

(node_declaration
  device: (path
    (identifier) @name
    .)) @reference.class

(device_declaration
  base: (path
    (identifier) @name
    .)) @reference.class

(call_expression
  function: (identifier) @name) @reference.call
