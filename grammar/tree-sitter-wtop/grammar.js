/**
 * The grammar of wtop for tree-sitter; `../wtop.ebnf` says what the language is, in the same order.
 *
 * What depends on more than the next characters is the scanner's (src/scanner.c): line ends, brackets, colons, numbers and
 * the text of strings. It is asked before every token.
 */

/** The words that begin a declaration; before `=`, `+=` and `{` they are names. */
const DECLARATIONS = [
  'edition', 'topology', 'use', 'param', 'let', 'type', 'pool', 'node', 'link', 'lag', 'wire', 'device', 'module',
  'interface', 'defaults', 'override', 'remove', 'attribute', 'check', 'expect', 'target',
];

/** Words that are never names. */
const RESERVED = [
  'true', 'false', 'null', 'and', 'or', 'not', 'in', 'if', 'then', 'else', 'for', 'from', 'where', 'self',
];

/** Values of other languages. */
const FOREIGN = ['True', 'TRUE', 'False', 'FALSE', 'None', 'nil', 'Null', 'NULL'];

const braces = ($, content) => seq(alias($._open_brace, '{'), content, alias($._close_brace, '}'));
const parentheses = ($, content) => seq(alias($._open_parenthesis, '('), content, alias($._close_parenthesis, ')'));
const brackets = ($, content) => seq(alias($._open_bracket, '['), content, alias($._close_bracket, ']'));
const colon = $ => alias($._colon, ':');

/** `rule, rule,` */
const list = rule => seq(rule, repeat(seq(',', rule)), optional(','));

/** Items between braces: a comma does what a line end does. */
const items = ($, rule) => optional(choice(
  repeat1(','),
  seq(repeat(','), rule, repeat(seq($._separator, rule)), optional($._separator)),
));

const binary = (left, operator, right) =>
  seq(field('left', left), field('operator', operator), field('right', right));

/** A name where a value may stand too. */
const name_or_value = $ => choice($.identifier, alias($._foreign_name, $.identifier));

module.exports = grammar({
  name: 'wtop',

  // The same order as in src/scanner.c.
  externals: $ => [
    $._line_end,
    $._open_brace,
    $._close_brace,
    $._open_parenthesis,
    $._close_parenthesis,
    $._open_bracket,
    $._close_bracket,
    $._open_pool,
    $._open_hole,
    $._close_hole,
    $._colon,
    $._port_colon,
    $._port_text,
    $.integer,
    $.quantity,
    $._address,
    $._address_start,
    $._address_part,
    $._string_text,
    $._raw_text,
    $._open_block,
    $._open_raw_block,
    $._block_start,
    $._block_text,
    $._raw_block_text,
    $._close_block,
    $.misplaced_text,
    $._misplaced_quotes,
    $.documentation,
    $._anywhere,
    $._recovery,
  ],

  extras: $ => [/[ \t]|\r?\n/, $.comment, $.misplaced_documentation, $._anywhere],

  word: $ => $.identifier,

  reserved: { global: _ => RESERVED },

  // Only after `]` and what follows it is it known whether `link a[1]` names the link or its end, and whether `[x in l]`
  // binds a name.
  conflicts: $ => [
    [$._link_name, $._port_reference],
    [$.dimension, $._port_value],
    [$._port_reference, $._port_value],
    [$.foreign_word, $._foreign_name],
  ],

  rules: {
    source_file: $ => seq(
      repeat($.file_documentation),
      optional(seq($._item, repeat(seq($._line_end, $._item)), optional($._line_end))),
    ),

    block: $ => braces($, items($, $._item)),
    _separator: $ => choice($._line_end, repeat1(',')),
    _item: $ => seq(repeat($.documentation), choice($._shared, $.attribute, $.group, $._declaration)),

    attribute: $ => seq(field('key', $._key), field('operator', choice('=', '+=')), field('value', $._value)),
    group: $ => seq(field('name', $._word), field('body', $.block)),
    _key: $ => choice($._word, $._string),
    // Every word that is not reserved: a declaration's, too.
    _word: $ => choice($.identifier, alias($._declaration_word, $.identifier)),
    _declaration_word: _ => prec(1, choice('pub', ...DECLARATIONS)),
    _value: $ => choice($.from_expression, $._expression),
    from_expression: $ => prec.right(seq(
      'from', field('pool', $._reference), optional(seq('at', field('at', $._expression))),
    )),

    _shared: $ => choice(
      $.use_declaration,
      $.let_declaration,
      $.type_declaration,
      $.pool_declaration,
      $.node_declaration,
      $.link_declaration,
      $.lag_declaration,
      $.wire_declaration,
      $.device_declaration,
      $.module_declaration,
      $.interface_declaration,
      $.attribute_declaration,
      $.part_declaration,
    ),
    _declaration: $ => choice(
      $.edition_declaration,
      $.topology_declaration,
      $.param_declaration,
      $.for_statement,
      $.if_statement,
      $.defaults_declaration,
      $.override_declaration,
      $.remove_declaration,
      $.check_declaration,
      $.expect_declaration,
      $.target_declaration,
    ),

    edition_declaration: $ => seq('edition', field('year', $.integer)),
    topology_declaration: $ => seq('topology', field('name', $.identifier)),
    use_declaration: $ => seq(
      optional('pub'),
      'use',
      field('source', choice(alias($._dotted, $.path), $._string)),
      optional(choice(seq('.', $.use_list), seq('as', field('alias', $.identifier)))),
    ),
    use_list: $ => braces($, items($, $._use_item)),
    _use_item: $ => seq(repeat($.documentation), $.use_name),
    use_name: $ => seq(field('name', $.identifier), optional(seq('as', field('alias', $.identifier)))),
    param_declaration: $ => seq('param', $._parameter),
    _parameter: $ => seq(
      field('name', $.identifier),
      colon($),
      field('type', $._type),
      optional(seq('=', field('default', $._expression))),
      optional(seq('where', field('condition', $._expression))),
    ),
    let_declaration: $ => seq(
      optional('pub'),
      'let',
      field('name', $.identifier),
      optional(seq(colon($), field('type', $._type))),
      '=',
      field('value', $._expression),
    ),
    type_declaration: $ => seq(
      optional('pub'),
      'type',
      field('name', $.identifier),
      '=',
      field('type', $._type),
    ),
    pool_declaration: $ => seq(
      optional('pub'),
      'pool',
      field('name', $.identifier),
      '=',
      choice($.pool_part, seq(alias($._open_pool, '['), list($.pool_part), alias($._close_bracket, ']'))),
      optional(field('body', $.block)),
    ),
    pool_part: $ => seq(field('from', $._expression), optional(seq('per', '/', field('length', $.integer)))),

    node_declaration: $ => seq(
      optional('pub'),
      'node',
      field('name', $.identifier),
      optional(field('dimensions', $.dimensions)),
      colon($),
      field('device', $.path),
      optional(field('arguments', $.arguments)),
      optional(field('body', $.block)),
    ),
    link_declaration: $ => seq(
      optional('pub'),
      'link',
      optional($._link_name),
      field('left', $.link_end),
      '<->',
      field('right', $.link_end),
      optional(field('body', $.block)),
    ),
    lag_declaration: $ => seq(
      optional('pub'),
      'lag',
      optional($._link_name),
      field('left', $.link_end),
      optional(seq('<->', field('right', $.link_end))),
      field('body', $.block),
    ),
    wire_declaration: $ => seq(
      optional('pub'),
      'wire',
      field('left', $.link_end),
      '<->',
      field('right', $.link_end),
      optional(field('body', $.block)),
    ),
    _link_name: $ => seq(
      field('name', choice(name_or_value($), alias('each', $.identifier))),
      optional(field('dimensions', $.dimensions)),
      colon($),
    ),
    // `each [` begins a list, and is no index of `each`.
    link_end: $ => choice($._link_end, prec(1, seq('each', $._link_end))),
    _link_end: $ => seq(
      choice($._reference, $.reference_list),
      optional(field('attributes', $.end_attributes)),
    ),
    reference_list: $ => brackets($, list($._reference)),
    end_attributes: $ => parentheses($, optional(list(choice($.attribute, $.group)))),

    for_statement: $ => seq('for', $.binding, field('body', $.block)),
    binding: $ => seq(field('name', $.identifier), 'in', field('list', $._expression)),
    if_statement: $ => seq(
      'if',
      field('condition', $._expression),
      field('consequence', $.block),
      optional(seq('else', field('alternative', choice($.if_statement, $.block)))),
    ),

    device_declaration: $ => seq(
      optional('pub'),
      'device',
      field('name', $.identifier),
      optional(field('parameters', $.parameters)),
      optional(seq('extends', field('base', $.path), optional(field('arguments', $.arguments)))),
      field('body', $.block),
    ),
    module_declaration: $ => seq(
      optional('pub'),
      'module',
      field('name', $.identifier),
      optional(field('parameters', $.parameters)),
      field('body', $.block),
    ),
    parameters: $ => parentheses($, optional(list($._documented_parameter))),
    _documented_parameter: $ => seq(repeat($.documentation), $.parameter),
    parameter: $ => $._parameter,
    interface_declaration: $ => seq(
      optional('pub'),
      'interface',
      field('name', choice($.identifier, $._string)),
      optional(field('dimensions', $.dimensions)),
      repeat(seq('for', $.binding)),
      optional(seq('=', field('target', $._reference))),
      optional(field('body', $.block)),
    ),
    part_declaration: $ => seq(
      choice(field('kind', $.identifier), seq('pub', field('kind', choice($.identifier, alias('pub', $.identifier))))),
      field('name', choice($.identifier, $._string)),
      optional(field('dimensions', $.dimensions)),
      optional(field('body', $.block)),
    ),

    defaults_declaration: $ => seq(
      'defaults',
      field('of', $.identifier),
      optional(seq(colon($), field('device', $.path))),
      optional(seq('tagged', field('tag', $._string))),
      field('body', $.block),
    ),
    override_declaration: $ => seq('override', field('of', $._reference), field('body', $.block)),
    remove_declaration: $ => seq('remove', field('of', $._reference)),
    attribute_declaration: $ => seq(
      optional('pub'),
      'attribute',
      field('name', $.identifier),
      colon($),
      field('type', $._type),
      optional(seq('=', field('default', $._expression))),
      optional(seq('on', field('on', $.identifier))),
      optional(seq('where', field('condition', $._expression))),
    ),
    check_declaration: $ => seq('check', $._check),
    expect_declaration: $ => seq('expect', $._check),
    _check: $ => seq(
      optional(seq(field('name', name_or_value($)), colon($))),
      field('condition', $._expression),
      optional(seq('else', field('message', $._string))),
      optional(field('body', $.block)),
    ),
    target_declaration: $ => seq(
      'target', field('name', $.identifier), colon($), field('kind', $.identifier), field('body', $.block),
    ),

    // Names of things. A reference has no calls: in a link, `(` after an end belongs to the end.
    path: $ => $._dotted,
    _dotted: $ => choice($.identifier, seq($._dotted, '.', $.identifier)),
    _reference: $ => choice($._port_reference, alias($._reference_interface, $.interface_reference)),
    // After which an interface may follow.
    _port_reference: $ => choice(
      $.identifier,
      $.foreign_word,
      alias($._each_as_name, $.identifier),
      $.self,
      alias($._reference_field, $.field_expression),
      alias($._reference_index, $.index_expression),
    ),
    _each_as_name: _ => 'each',
    _reference_field: $ => seq(field('value', $._reference), '.', field('field', $.identifier)),
    _reference_index: $ => seq(field('value', $._reference), field('indices', $.indices)),
    _reference_interface: $ => seq(
      field('node', $._port_reference), alias($._port_colon, ':'), field('interface', $.interface_name),
    ),
    interface_name: $ => choice($.string, repeat1(choice($._port_text, $.interpolation))),
    dimensions: $ => brackets($, list($.dimension)),
    dimension: $ => choice(
      prec.dynamic(1, seq(field('name', name_or_value($)), 'in', field('keys', $._expression))),
      field('keys', $._expression),
    ),
    indices: $ => brackets($, seq($._index, repeat(seq(',', $._index)))),
    _index: $ => choice($.all, $._expression),
    all: _ => '..',

    _type: $ => choice($.optional_type, $._base_type),
    optional_type: $ => seq($._base_type, '?'),
    _base_type: $ => choice(
      alias($._type_path, $.path),
      $.list_type,
      $.map_type,
      $.record_type,
      $.enum_type,
    ),
    _type_path: $ => seq(
      choice($.identifier, alias('map', $.identifier), alias('enum', $.identifier)),
      repeat(seq('.', $.identifier)),
    ),
    list_type: $ => brackets($, $._type),
    map_type: $ => seq('map', brackets($, $._type)),
    record_type: $ => braces($, items($, $._documented_field)),
    _documented_field: $ => seq(repeat($.documentation), $.field),
    field: $ => $._parameter,
    enum_type: $ => seq('enum', braces($, items($, $._enum_item))),
    _enum_item: $ => seq(repeat($.documentation), $.identifier),

    // Expressions, loosest first.
    _expression: $ => choice($.conditional_expression, $._or),
    conditional_expression: $ => seq(
      'if',
      field('condition', $._expression),
      'then',
      field('consequence', $._expression),
      'else',
      field('alternative', $._expression),
    ),
    _or: $ => choice(alias($._or_operation, $.binary_expression), $._and),
    _or_operation: $ => binary($._or, 'or', $._and),
    _and: $ => choice(alias($._and_operation, $.binary_expression), $._not),
    _and_operation: $ => binary($._and, 'and', $._not),
    _not: $ => choice(alias($._not_operation, $.unary_expression), $._compare),
    _not_operation: $ => seq(field('operator', 'not'), field('operand', $._not)),
    _compare: $ => choice(alias($._compare_operation, $.binary_expression), $._missing),
    _compare_operation: $ => binary($._missing, choice('==', '!=', '<', '<=', '>', '>=', 'in'), $._missing),
    _missing: $ => choice(alias($._missing_operation, $.binary_expression), $._range),
    _missing_operation: $ => binary($._range, '??', $._missing),
    _range: $ => choice(alias($._range_operation, $.binary_expression), $._sum),
    _range_operation: $ => binary($._sum, '..', $._sum),
    _sum: $ => choice(alias($._sum_operation, $.binary_expression), $._product),
    _sum_operation: $ => binary($._sum, choice('+', '-'), $._product),
    _product: $ => choice(alias($._product_operation, $.binary_expression), $._unary),
    _product_operation: $ => binary($._product, choice('*', '/', '%'), $._unary),
    _unary: $ => choice(alias($._minus_operation, $.unary_expression), $._postfix),
    _minus_operation: $ => seq(field('operator', '-'), field('operand', $._unary)),
    _postfix: $ => choice(
      $._port_value,
      $.interface_reference,
      $.null,
      $.true,
      $.false,
      $.integer,
      $.quantity,
      $.address,
      $._string,
      $.record,
    ),
    // After which an interface may follow.
    _port_value: $ => choice(
      $.identifier,
      $.foreign_word,
      $.self,
      $.field_expression,
      $.index_expression,
      $.call_expression,
      $.parenthesized_expression,
      $.list,
      $.comprehension,
    ),
    field_expression: $ => seq(field('value', $._postfix), '.', field('field', $.identifier)),
    index_expression: $ => seq(field('value', $._postfix), field('indices', $.indices)),
    interface_reference: $ => seq(
      field('node', $._port_value), alias($._port_colon, ':'), field('interface', $.interface_name),
    ),
    call_expression: $ => seq(field('function', $._postfix), field('arguments', $.arguments)),
    arguments: $ => parentheses($, optional(list($.argument))),
    argument: $ => seq(optional(seq(field('name', name_or_value($)), '=')), field('value', $._expression)),
    parenthesized_expression: $ => parentheses($, $._expression),
    record: $ => braces($, items($, $._record_item)),
    _record_item: $ => seq(repeat($.documentation), choice($.attribute, $.group)),
    list: $ => brackets($, optional(list($._value))),
    comprehension: $ => brackets($, seq(
      field('element', $._value),
      repeat1(seq('for', $.binding)),
      optional(seq('if', field('condition', $._expression))),
    )),

    null: _ => 'null',
    true: _ => 'true',
    false: _ => 'false',
    self: _ => 'self',
    // A mistake, like `misplaced_text`: the compiler reports it.
    foreign_word: _ => choice(...FOREIGN),
    _foreign_name: _ => choice(...FOREIGN),
    identifier: _ => /[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9][A-Za-z0-9_]*)*/,
    address: $ => choice(
      $._address,
      seq(
        $._address_start,
        $.interpolation,
        repeat(seq(optional($._address_part), $.interpolation)),
        optional($._address_part),
      ),
    ),

    _string: $ => choice($.string, $.raw_string, $.block_string, $.raw_block_string),
    string: $ => seq(
      '"',
      repeat(choice(
        alias($._string_text, $.string_content),
        $.misplaced_text,
        $.escape_sequence,
        alias($._wrong_escape, $.misplaced_text),
        $.interpolation,
      )),
      token.immediate('"'),
    ),
    raw_string: $ => seq('r"', optional(alias($._raw_text, $.string_content)), token.immediate('"')),
    block_string: $ => seq(
      alias($._open_block, '"""'),
      choice($._block_start, $.misplaced_text),
      repeat(choice(
        alias($._block_text, $.string_content),
        $.misplaced_text,
        $.escape_sequence,
        alias($._wrong_escape, $.misplaced_text),
        $.interpolation,
      )),
      $._block_end,
    ),
    raw_block_string: $ => seq(
      alias($._open_raw_block, 'r"""'),
      choice($._block_start, $.misplaced_text),
      repeat(choice(alias($._raw_block_text, $.string_content), $.misplaced_text)),
      $._block_end,
    ),
    _block_end: $ => choice(alias($._close_block, '"""'), alias($._misplaced_quotes, $.misplaced_quotes)),
    interpolation: $ => seq(alias($._open_hole, '${'), $._expression, alias($._close_hole, '}')),
    // Of Unicode's characters: up to 10FFFF, without the surrogates D800 to DFFF.
    escape_sequence: _ => token.immediate(seq('\\', choice(
      /[ntr"\\$]/,
      /u\{0*([0-9a-fA-F]{1,3}|[0-9a-ce-fA-CE-F][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}|[1-9a-fA-F][0-9a-fA-F]{4}|10[0-9a-fA-F]{4})\}/,
    ))),

    _wrong_escape: _ => token.immediate(prec(-1, /\\[^\r\n]?/)),

    file_documentation: _ => token(prec(1, /\/\/![^\r\n]*/)),
    misplaced_documentation: _ => token(choice(/\/\/![^\r\n]*/, /\/\/\/([^\/\r\n][^\r\n]*)?/)),
    comment: _ => token(choice(/\/\/([^\/!\r\n][^\r\n]*)?/, /\/\/\/\/[^\r\n]*/)),
  },
});
