; Scopes
[
  (source_file)
  (block)
  (for_statement)
  (comprehension)
  (device_declaration)
  (module_declaration)
  (node_declaration)
  (interface_declaration)
] @local.scope

; Definitions
(binding
  name: (identifier) @local.definition.var)

(dimension
  name: (identifier) @local.definition.var)

(param_declaration
  name: (identifier) @local.definition.parameter)

(parameter
  name: (identifier) @local.definition.parameter)

(let_declaration
  name: (identifier) @local.definition.constant)

(pool_declaration
  name: (identifier) @local.definition.constant)

(node_declaration
  name: (identifier) @local.definition.var)

(part_declaration
  name: (identifier) @local.definition.var)

(link_declaration
  name: (identifier) @local.definition.var)

(lag_declaration
  name: (identifier) @local.definition.var)

(device_declaration
  name: (identifier) @local.definition.type)

(module_declaration
  name: (identifier) @local.definition.type)

(type_declaration
  name: (identifier) @local.definition.type)

(use_declaration
  alias: (identifier) @local.definition.import)

(use_declaration
  !alias
  source: (path
    (identifier) @local.definition.import .))

(use_name
  !alias
  name: (identifier) @local.definition.import)

(use_name
  alias: (identifier) @local.definition.import)

; References
(identifier) @local.reference
