// The part of the grammar that looks further than one token: line ends, brackets, colons, numbers, text of strings.
//
// The state is which brackets are open, for in ( ) and [ ] line ends mean nothing, and the indentation of the `"""` text
// that is being read. The scanner is asked before every token; what it declines, the lexer made from grammar.js reads.
// The rules are those of compiler/src/syntax: lexer (numbers, colons, strings), structure (lines), literal (values).

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"
#include <stdint.h>
#include <string.h>

// The same order as in grammar.js.
enum Token {
  LINE_END,
  OPEN_BRACE,
  CLOSE_BRACE,
  OPEN_PARENTHESIS,
  CLOSE_PARENTHESIS,
  OPEN_BRACKET,
  CLOSE_BRACKET,
  OPEN_POOL,
  OPEN_HOLE,
  CLOSE_HOLE,
  COLON,
  PORT_COLON,
  PORT_TEXT,
  INTEGER,
  QUANTITY,
  ADDRESS,
  ADDRESS_START,
  ADDRESS_PART,
  STRING_TEXT,
  RAW_TEXT,
  OPEN_BLOCK,
  OPEN_RAW_BLOCK,
  BLOCK_START,
  BLOCK_TEXT,
  RAW_BLOCK_TEXT,
  CLOSE_BLOCK,
  MISPLACED_TEXT,
  MISPLACED_QUOTES,
  DOCUMENTATION,
  ANYWHERE,  // Never read, and allowed everywhere: so the scanner is always asked.
  RECOVERY,  // Never read, and allowed nowhere: only while the parser recovers are all tokens valid.
};

// So many brackets and texts with holes may be open at once, as in the compiler.
#define MOST_OPEN 64
// Longer than any number or address.
#define LONGEST_WORD 64
#define LONGEST_INDENTATION 200

// A hole counts twice: as itself, and as the text it stands in.
enum Open { BRACE = '{', PARENTHESIS = '(', BRACKET = '[', HOLE = '$', TEXT = '"' };

typedef struct {
  uint8_t depth;
  uint8_t indentation_length;
  char open[MOST_OPEN];
  char indentation[LONGEST_INDENTATION];
} Scanner;

// ---- Characters

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }

static bool is_hex(int32_t c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

static bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_name(int32_t c) { return is_letter(c) || is_digit(c) || c == '_'; }

static bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }

static bool is_line_end(int32_t c) { return c == '\n' || c == '\r'; }

static bool is_port(int32_t c) { return is_name(c) || c == '-' || c == '.' || c == '/'; }

static void next(TSLexer *lexer) { lexer->advance(lexer, false); }

static void skip(TSLexer *lexer) { lexer->advance(lexer, true); }

static bool found(TSLexer *lexer, enum Token token) {
  lexer->result_symbol = token;
  return true;
}

// What is read so far is the token.
static bool found_here(TSLexer *lexer, enum Token token) {
  lexer->mark_end(lexer);
  return found(lexer, token);
}

// Reads three quotes; says whether they are there.
static bool three_quotes(TSLexer *lexer) {
  for (int i = 0; i < 3; i++) {
    if (lexer->lookahead != '"') return false;
    next(lexer);
  }
  return true;
}

// ---- Brackets

static bool push(Scanner *scanner, enum Open open) {
  if (scanner->depth >= MOST_OPEN) return false;
  scanner->open[scanner->depth++] = (char)open;
  return true;
}

static int innermost(const Scanner *scanner) { return scanner->depth ? scanner->open[scanner->depth - 1] : 0; }

// Do line ends and commas separate items here?
static bool holds_items(const Scanner *scanner) {
  int open = innermost(scanner);
  return open == 0 || open == BRACE;
}

// Closes the innermost bracket of a kind with all that is open in it. A ")" or "]" reaches no further than its block, and
// nothing reaches out of a hole.
static void close(Scanner *scanner, enum Open open) {
  for (int i = scanner->depth; i > 0; i--) {
    char other = scanner->open[i - 1];
    if (other == (char)open) {
      scanner->depth = (uint8_t)(i - 1);
      return;
    }
    if (other == HOLE || (other == BRACE && open != BRACE)) return;
  }
}

static bool open_bracket(Scanner *scanner, TSLexer *lexer, enum Open open, enum Token token) {
  next(lexer);
  return push(scanner, open) && found_here(lexer, token);
}

static bool close_bracket(Scanner *scanner, TSLexer *lexer, enum Open open, enum Token token) {
  next(lexer);
  close(scanner, open);
  return found_here(lexer, token);
}

// "}" of a block or of a hole. Braces in a hole are closed before it.
static bool close_brace(Scanner *scanner, TSLexer *lexer) {
  for (int i = scanner->depth; i > 0; i--) {
    char other = scanner->open[i - 1];
    if (other == BRACE) break;
    if (other == HOLE) {
      scanner->depth = (uint8_t)(i - 2);
      next(lexer);
      return found_here(lexer, CLOSE_HOLE);
    }
  }
  return close_bracket(scanner, lexer, BRACE, CLOSE_BRACE);
}

// Is the hole that was just opened closed on its line? What is in it may have strings, and these holes again.
static bool closes_on_line(TSLexer *lexer) {
  char open[MOST_OPEN] = {HOLE};
  int depth = 1;
  int32_t before = 0;
  while (!lexer->eof(lexer) && !is_line_end(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    bool in_string = open[depth - 1] == TEXT;
    next(lexer);
    if (in_string && c == '\\' && !is_line_end(lexer->lookahead)) {
      next(lexer);
    } else if (c == '"' && in_string) {
      depth--;
    } else if (c == '"' && before == 'r') {
      while (lexer->lookahead != '"') {
        if (lexer->eof(lexer) || is_line_end(lexer->lookahead)) return false;
        next(lexer);
      }
      next(lexer);
    } else if (!in_string && c == '/' && lexer->lookahead == '/') {
      return false;
    } else if (c == '"' || (c == '{' && (!in_string || before == '$'))) {
      if (depth == MOST_OPEN) return false;
      open[depth++] = c == '"' ? TEXT : BRACE;
    } else if (c == '}' && !in_string && --depth == 0) {
      return true;
    }
    before = c;
  }
  return false;
}

// "${", of which the "$" is read. What is not closed on its line is only text, and misplaced.
static bool open_hole(Scanner *scanner, TSLexer *lexer, bool one_line) {
  if (lexer->lookahead != '{') return false;
  next(lexer);
  lexer->mark_end(lexer);
  if (one_line && !closes_on_line(lexer)) return found(lexer, MISPLACED_TEXT);
  return scanner->depth + 1 < MOST_OPEN && push(scanner, TEXT) && push(scanner, HOLE) && found(lexer, OPEN_HOLE);
}

// ---- Strings

// What follows in a string of one line: text up to quotes, an escape or a hole.
static bool string_text(Scanner *scanner, TSLexer *lexer, bool raw) {
  bool any = false;
  for (;; any = true) {
    int32_t c = lexer->lookahead;
    lexer->mark_end(lexer);
    if (lexer->eof(lexer) || is_line_end(c) || c == '"' || (!raw && c == '\\')) break;
    next(lexer);
    if (!raw && c == '$' && lexer->lookahead == '{') {
      return any ? found(lexer, STRING_TEXT) : open_hole(scanner, lexer, true);
    }
  }
  return any && found(lexer, raw ? RAW_TEXT : STRING_TEXT);
}

// Finds the indentation of the closing quotes; the opening ones are read.
static void find_indentation(Scanner *scanner, TSLexer *lexer, bool raw) {
  scanner->indentation_length = 0;
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '"') {
      if (three_quotes(lexer)) return;
      continue;
    }
    next(lexer);
    if (c == '\\' && !raw && !is_line_end(lexer->lookahead)) {
      next(lexer);
    } else if (c == '\n') {
      scanner->indentation_length = 0;
      for (; is_blank(lexer->lookahead); next(lexer)) {
        if (scanner->indentation_length == LONGEST_INDENTATION) continue;
        scanner->indentation[scanner->indentation_length++] = (char)lexer->lookahead;
      }
    }
  }
  scanner->indentation_length = 0;
}

static bool open_block(Scanner *scanner, TSLexer *lexer, bool raw) {
  if (!three_quotes(lexer)) return false;
  lexer->mark_end(lexer);
  find_indentation(scanner, lexer, raw);
  return found(lexer, raw ? OPEN_RAW_BLOCK : OPEN_BLOCK);
}

// Where the text of a block stops on a line. Of quotes all three are read, of a hole the "$".
enum Stop { AT_LINE_END, AT_QUOTES, AT_HOLE, AT_OTHER };

// Reads text of a block up to the end of the line or to what is no text, and marks the end of a token there.
static enum Stop line_of_block(TSLexer *lexer, bool raw, bool *any) {
  for (;; *any = true) {
    lexer->mark_end(lexer);
    int32_t c = lexer->lookahead;
    if (c == '\n') return AT_LINE_END;
    if (lexer->eof(lexer) || (!raw && c == '\\')) return AT_OTHER;
    if (c == '"') {
      if (three_quotes(lexer)) return AT_QUOTES;
      continue;
    }
    next(lexer);
    if (!raw && c == '$' && lexer->lookahead == '{') return AT_HOLE;
  }
}

// The rest of the line of the opening quotes, where no text may stand.
static bool block_start(TSLexer *lexer, bool raw) {
  while (is_blank(lexer->lookahead) || lexer->lookahead == '\r') next(lexer);
  if (lexer->lookahead == '\n') {
    next(lexer);
    return found_here(lexer, BLOCK_START);
  }
  bool any = false;
  line_of_block(lexer, raw, &any);
  return found(lexer, MISPLACED_TEXT);
}

// How a line of a block begins.
enum Line { CLOSES, INDENTED, MISPLACED };

static enum Line line_start(const Scanner *scanner, TSLexer *lexer) {
  int blanks = 0;
  bool same = true;
  for (; is_blank(lexer->lookahead); next(lexer), blanks++) {
    same = same && (blanks >= scanner->indentation_length || lexer->lookahead == scanner->indentation[blanks]);
  }
  int32_t c = lexer->lookahead;
  if (c == '"' && three_quotes(lexer)) return CLOSES;
  if (c == '\r') next(lexer);
  // An escape or a hole at the very start of a line has no indentation that could be wrong.
  bool exempt = lexer->eof(lexer) || lexer->lookahead == '\n' || (blanks == 0 && (c == '\\' || c == '$'));
  return exempt || (same && blanks >= scanner->indentation_length) ? INDENTED : MISPLACED;
}

// What follows in a block after its first line. A token of text ends before a line that closes the block or is misplaced.
static bool block_text(Scanner *scanner, TSLexer *lexer, bool raw) {
  enum Token text = raw ? RAW_BLOCK_TEXT : BLOCK_TEXT;
  enum Stop stop = lexer->get_column(lexer) == 0 ? AT_LINE_END : AT_OTHER;
  bool any = false;
  do {
    if (stop == AT_LINE_END) {
      lexer->mark_end(lexer);
      enum Line line = line_start(scanner, lexer);
      if (any && line != INDENTED) return found(lexer, text);
      if (line == CLOSES) return found_here(lexer, CLOSE_BLOCK);
      if (line == MISPLACED) {
        line_of_block(lexer, raw, &any);
        return found(lexer, MISPLACED_TEXT);
      }
      any = any || lexer->get_column(lexer) > 0;
    }
    stop = line_of_block(lexer, raw, &any);
    if (stop == AT_LINE_END) {
      next(lexer);
      any = true;
    }
  } while (stop == AT_LINE_END);
  if (any) return found(lexer, text);
  if (stop == AT_QUOTES) return found_here(lexer, MISPLACED_QUOTES);
  return stop == AT_HOLE && open_hole(scanner, lexer, false);
}

// ---- Colons and interface names

// ":" before an interface, where nothing stands on either side; else the one of a declaration.
static bool colon(TSLexer *lexer, bool space_before) {
  next(lexer);
  lexer->mark_end(lexer);
  int32_t c = lexer->lookahead;
  if (c == ':') return false;
  if (space_before) return found(lexer, COLON);
  bool glued = is_port(c) || c == '"';
  if (c == '/' || c == '.' || c == '$') {
    next(lexer);
    glued = c == '$' ? lexer->lookahead == '{' : lexer->lookahead != c;
  }
  return found(lexer, glued ? PORT_COLON : COLON);
}

// The characters of an interface name; it stops before "//" and "..".
static bool port_text(TSLexer *lexer) {
  bool any = false;
  for (;; any = true) {
    lexer->mark_end(lexer);
    int32_t c = lexer->lookahead;
    if (!is_port(c)) break;
    next(lexer);
    if ((c == '/' || c == '.') && lexer->lookahead == c) break;
  }
  return any && found(lexer, PORT_TEXT);
}

// ---- Numbers and addresses

typedef struct {
  char text[LONGEST_WORD];
  int length;
} Word;

// Adds the next character to a word. One that is too long is cut off, and is no number.
static void take(Word *word, TSLexer *lexer) {
  if (word->length < LONGEST_WORD) word->text[word->length++] = (char)lexer->lookahead;
  next(lexer);
}

static int count(const Word *word, int from, bool (*fits)(int32_t)) {
  int end = from;
  while (end < word->length && fits(word->text[end])) end++;
  return end - from;
}

static bool is_mac(const Word *word) {
  if (word->length != 17) return false;
  for (int i = 0; i < 17; i++) {
    if (i % 3 == 2 ? word->text[i] != ':' : !is_hex(word->text[i])) return false;
  }
  return true;
}

// Four numbers up to 255.
static bool is_ipv4(const Word *word) {
  int at = 0;
  for (int group = 0; group < 4; group++) {
    if (group > 0 && (at == word->length || word->text[at++] != '.')) return false;
    int digits = count(word, at, is_digit);
    int value = 0;
    for (int i = 0; i < digits && value <= 255; i++) value = value * 10 + word->text[at + i] - '0';
    if (digits == 0 || value > 255) return false;
    at += digits;
  }
  return at == word->length;
}

// Groups of up to four hex digits: eight, or fewer and one "::".
static bool is_ipv6(const Word *word) {
  int at = 0, groups = 0;
  bool gap = false;
  while (at < word->length) {
    int digits = count(word, at, is_hex);
    at += digits;
    if (digits > 4) return false;
    if (digits > 0) {
      groups++;
      if (at == word->length) break;
    }
    if (word->text[at++] != ':') return false;
    bool doubled = at < word->length && word->text[at] == ':';
    if (doubled && gap) return false;
    if (doubled) {
      gap = true;
      at++;
    } else if (digits == 0 || at == word->length) {
      return false;
    }
  }
  return gap ? groups <= 7 : groups == 8;
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b) {
  while (b != 0) {
    uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

// Reads digits up to a limit; says whether they are within it.
static bool decimal(const Word *word, int from, int digits, uint64_t most, uint64_t *value) {
  *value = 0;
  for (int i = from; i < from + digits; i++) {
    uint64_t digit = (uint64_t)(word->text[i] - '0');
    if (*value > (most - digit) / 10) return false;
    *value = *value * 10 + digit;
  }
  return true;
}

// How much a unit is, in the smallest of its kind; 0 for what is no unit.
static uint64_t scale(const char *unit) {
  static const struct { const char *unit; uint64_t scale; } UNITS[] = {
    {"B", 1}, {"kB", 1000}, {"MB", 1000000}, {"GB", 1000000000}, {"TB", 1000000000000},
    {"KiB", 1ULL << 10}, {"MiB", 1ULL << 20}, {"GiB", 1ULL << 30}, {"TiB", 1ULL << 40},
    {"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000},
    {"min", 60000000000}, {"h", 3600000000000}, {"d", 86400000000000},
    {"bps", 1}, {"kbps", 1000}, {"Mbps", 1000000}, {"Gbps", 1000000000}, {"Tbps", 1000000000000},
    {"%", 10000},
  };
  for (unsigned i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
    if (strcmp(unit, UNITS[i].unit) == 0) return UNITS[i].scale;
  }
  return 0;
}

// Digits, perhaps decimals, and a unit; it must come out whole, and fit.
static bool is_quantity(const Word *word) {
  int whole_digits = count(word, 0, is_digit);
  int at = whole_digits, decimals = 0;
  if (at < word->length && word->text[at] == '.') {
    decimals = count(word, at + 1, is_digit);
    if (decimals == 0) return false;
    at += 1 + decimals;
  }
  int decimals_at = at - decimals;
  while (decimals > 0 && word->text[decimals_at + decimals - 1] == '0') decimals--;
  char unit[5] = {0};
  if (whole_digits == 0 || word->length - at > 4 || decimals > 18) return false;
  memcpy(unit, word->text + at, (size_t)(word->length - at));
  uint64_t parts = scale(unit), whole, fraction, divisor = 1;
  if (parts == 0 || !decimal(word, 0, whole_digits, UINT64_MAX / parts, &whole)) return false;
  for (int i = 0; i < decimals; i++) divisor *= 10;
  if (!decimal(word, decimals_at, decimals, UINT64_MAX, &fraction)) return false;
  uint64_t common = greatest_common_divisor(parts, divisor);
  if (fraction % (divisor / common) != 0) return false;
  return fraction / (divisor / common) * (parts / common) <= UINT64_MAX - whole * parts;
}

// Digits and "_", or "0x" and hex digits and "_"; up to the largest of 63 bits.
static bool is_integer(const Word *word) {
  bool hex = word->length > 2 && word->text[0] == '0' && word->text[1] == 'x' && is_hex(word->text[2]);
  uint64_t base = hex ? 16 : 10, value = 0;
  for (int i = hex ? 2 : 0; i < word->length; i++) {
    char c = word->text[i];
    if (c == '_') continue;
    if (!(hex ? is_hex(c) : is_digit(c))) return false;
    uint64_t digit = (uint64_t)(is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
    if (value > (INT64_MAX - digit) / base) return false;
    value = value * base + digit;
  }
  return word->length > 0;
}

// Reads on while hex digits and ":" follow; if `number`, also "." and the characters of units. A "." goes on before a
// digit, ":" or a hole, for else it is a field's or a range's. In a name, ":" goes on before a hex digit and in "::". The end
// is marked where the word ends. Says whether a "." or ":" that is not part of it was read.
static bool rest_of_word(Word *word, TSLexer *lexer, bool number) {
  for (;;) {
    int32_t c = lexer->lookahead;
    lexer->mark_end(lexer);
    if (number ? is_name(c) : is_hex(c)) {
      take(word, lexer);
    } else if (c == ':' || (c == '.' && number)) {
      bool doubled = c == ':' && word->length > 0 && word->text[word->length - 1] == ':';
      next(lexer);
      int32_t after = lexer->lookahead;
      bool goes_on = c == ':' ? number || is_hex(after) || after == ':' : is_digit(after) || after == ':' || after == '/' || after == '$';
      if (!doubled && !goes_on) return true;
      if (word->length < LONGEST_WORD) word->text[word->length++] = (char)c;
    } else {
      return false;
    }
  }
}

static bool is_piece_character(int32_t c) { return is_hex(c) || c == '.' || c == ':'; }

// An address that goes on with a hole, of which "$" comes next.
static bool address_start(const Word *word, TSLexer *lexer) {
  if (count(word, 0, is_piece_character) < word->length) return false;
  lexer->mark_end(lexer);
  next(lexer);
  return lexer->lookahead == '{' && found(lexer, ADDRESS_START);
}

// Reads a number or an address, whose first character comes next; `word` has what is read of it.
static bool number(Word *word, TSLexer *lexer) {
  int32_t after = rest_of_word(word, lexer, true) ? 0 : lexer->lookahead;
  bool ipv4 = is_ipv4(word), ipv6 = is_ipv6(word);
  if (after == '$') return address_start(word, lexer);
  if (after == '/') {
    Word length = {.length = 0};
    uint64_t value;
    next(lexer);
    while (is_digit(lexer->lookahead)) take(&length, lexer);
    if (lexer->lookahead == '$') return address_start(word, lexer);
    if ((ipv4 || ipv6) && length.length > 0) {
      if (is_name(lexer->lookahead)) return false;
      if (!decimal(&length, 0, length.length, ipv4 ? 32 : 128, &value)) return false;
      return found_here(lexer, ADDRESS);
    }
  }
  if (ipv4 || ipv6 || is_mac(word)) return found(lexer, ADDRESS);
  int digits = count(word, 0, is_digit);
  if (digits < word->length && word->text[digits] == '.') digits += 1 + count(word, digits + 1, is_digit);
  if (after == '%' && digits == word->length) take(word, lexer), lexer->mark_end(lexer);
  if (is_quantity(word)) return found(lexer, QUANTITY);
  return is_integer(word) && found(lexer, INTEGER);
}

// What follows a hole in an address.
static bool address_part(TSLexer *lexer) {
  bool any = false;
  for (;; any = true) {
    int32_t c = lexer->lookahead;
    lexer->mark_end(lexer);
    if (!is_piece_character(c)) break;
    next(lexer);
    if (c == '.' && lexer->lookahead == '.') return any && found(lexer, ADDRESS_PART);
  }
  if (lexer->lookahead == '/') {
    next(lexer);
    if (is_digit(lexer->lookahead) || lexer->lookahead == '$') {
      while (is_digit(lexer->lookahead)) next(lexer);
      return found_here(lexer, ADDRESS_PART);
    }
  }
  return any && found(lexer, ADDRESS_PART);
}

// ---- Words

static bool is_one_of(const Word *word, const char *const *words) {
  for (; *words; words++) {
    if (strlen(*words) == (size_t)word->length && memcmp(*words, word->text, (size_t)word->length) == 0) return true;
  }
  return false;
}

// Reads the rest of a name.
static void name(Word *word, TSLexer *lexer) {
  for (;;) {
    while (is_name(lexer->lookahead)) take(word, lexer);
    if (lexer->lookahead != '-') return;
    take(word, lexer);
    if (!is_letter(lexer->lookahead) && !is_digit(lexer->lookahead)) {
      word->length -= word->length < LONGEST_WORD;
      return;
    }
  }
}

// Words that begin a declaration wherever a name follows them.
static bool begins_declaration(const Word *word) {
  static const char *const WORDS[] = {
    "edition", "topology", "use", "param", "let", "type", "pool", "node", "link", "lag", "wire", "device", "module",
    "interface", "defaults", "override", "remove", "attribute", "check", "expect", "target", "network", "vlan", "vrf",
    "vm", "nic", "pub", NULL,
  };
  return is_one_of(word, WORDS);
}

// Is what follows a word another name, so that the two are a declaration's? No bracket can hold such a pair.
static bool name_follows(TSLexer *lexer) {
  static const char *const OTHERS[] = {
    "and", "or", "not", "in", "if", "then", "else", "for", "from", "where", "at", NULL,
  };
  if (!is_blank(lexer->lookahead)) return false;
  while (is_blank(lexer->lookahead)) next(lexer);
  if (!is_letter(lexer->lookahead) && lexer->lookahead != '_') return false;
  Word word = {.length = 0};
  name(&word, lexer);
  return !is_one_of(&word, OTHERS);
}

// ---- Lines

// Reads what a line begins with; says whether it goes on with the item before it. "{" and comments are asked for before.
static bool continues(TSLexer *lexer) {
  static const char *const WORDS[] = {"and", "or", "else", "then", "where", "in", NULL};
  int32_t c = lexer->lookahead;
  if (c == 0) return false;
  if (strchr(".,<>*%-/", (char)c) && c < 128) return true;
  if (is_letter(c)) {
    Word word = {.length = 0};
    name(&word, lexer);
    return is_one_of(&word, WORDS);
  }
  next(lexer);
  switch (c) {
    case '+': return lexer->lookahead != '=';
    case '=':
    case '!': return lexer->lookahead == '=';
    case '?': return lexer->lookahead == '?';
    default: return false;
  }
}

// Passes blanks and line ends, and marks the end of the first line. Says whether there was a line end. A carriage return
// alone is wrong: it becomes a token that is allowed nowhere, for the lexer would drop it at the end of a file.
static bool skip_space(TSLexer *lexer, bool *wrong) {
  bool line_end = false;
  for (;;) {
    int32_t c = lexer->lookahead;
    if (!is_blank(c) && !is_line_end(c)) return line_end;
    skip(lexer);
    if (c == '\r' && lexer->lookahead != '\n') {
      *wrong = true;
      return line_end;
    }
    if (c == '\n') {
      if (!line_end) lexer->mark_end(lexer);
      line_end = true;
    }
  }
}

// What a line begins with, after its comments.
enum Begin { AN_ITEM, A_BRACE, THE_REST };

static enum Begin line_begin(TSLexer *lexer) {
  bool after_comment = false, wrong = false;
  while (lexer->lookahead == '/') {
    next(lexer);
    if (lexer->lookahead != '/') return THE_REST;
    next(lexer);
    if (lexer->lookahead == '!') return AN_ITEM;
    if (lexer->lookahead == '/') {
      next(lexer);
      if (lexer->lookahead != '/') return AN_ITEM;
    }
    while (!lexer->eof(lexer) && !is_line_end(lexer->lookahead)) next(lexer);
    skip_space(lexer, &wrong);
    after_comment = true;
  }
  if (lexer->lookahead == '{') return after_comment ? THE_REST : A_BRACE;
  return continues(lexer) ? THE_REST : AN_ITEM;
}

// A line in ( ) or [ ] that begins with a declaration: the bracket was never closed. Its block goes on.
static bool leave_brackets(Scanner *scanner, TSLexer *lexer) {
  while (!holds_items(scanner)) scanner->depth--;
  return found(lexer, LINE_END);
}

static bool documentation(const Scanner *scanner, TSLexer *lexer, bool line_end) {
  for (int i = 0; i < 3; i++, next(lexer)) {
    if (lexer->lookahead != '/') return false;
  }
  if (lexer->lookahead == '/' || !(holds_items(scanner) || (line_end && innermost(scanner) == PARENTHESIS))) return false;
  while (!lexer->eof(lexer) && !is_line_end(lexer->lookahead)) next(lexer);
  return found_here(lexer, DOCUMENTATION);
}

// An address that begins with a letter, the quotes of a raw text, or a declaration in a bracket that was never closed.
static bool letter(Scanner *scanner, TSLexer *lexer, const bool *valid, bool line_end) {
  Word word = {.length = 0};
  if (lexer->lookahead == 'r') {
    take(&word, lexer);
    if (lexer->lookahead == '"') return valid[OPEN_RAW_BLOCK] && open_block(scanner, lexer, true);
  } else {
    bool ended = rest_of_word(&word, lexer, false);
    if (count(&word, 0, is_hex) < word.length) {
      // More than a name: nothing but an address, or a name and an interface, for which this is not asked.
      if (ended || is_name(lexer->lookahead) || !valid[ADDRESS]) return false;
      return number(&word, lexer) && lexer->result_symbol == ADDRESS;
    }
    if (ended) return false;
  }
  name(&word, lexer);
  bool forgotten = line_end && !holds_items(scanner) && innermost(scanner) != HOLE;
  return forgotten && begins_declaration(&word) && name_follows(lexer) && leave_brackets(scanner, lexer);
}

static bool token(Scanner *scanner, TSLexer *lexer, const bool *valid, bool space_before, bool line_end) {
  int32_t c = lexer->lookahead;
  Word word = {.length = 0};
  switch (c) {
    case '{': return open_bracket(scanner, lexer, BRACE, OPEN_BRACE);
    case '(': return open_bracket(scanner, lexer, PARENTHESIS, OPEN_PARENTHESIS);
    case '[': {
      bool pool = valid[OPEN_POOL] && !valid[RECOVERY];
      return open_bracket(scanner, lexer, BRACKET, pool ? OPEN_POOL : OPEN_BRACKET);
    }
    case '}': return close_brace(scanner, lexer);
    case ')': return close_bracket(scanner, lexer, PARENTHESIS, CLOSE_PARENTHESIS);
    case ']': return close_bracket(scanner, lexer, BRACKET, CLOSE_BRACKET);
    case '/': return valid[DOCUMENTATION] && documentation(scanner, lexer, line_end);
    case '"': return valid[OPEN_BLOCK] && open_block(scanner, lexer, false);
    case ':':
      if (!valid[ADDRESS] || valid[RECOVERY]) return colon(lexer, space_before);
      return number(&word, lexer) && lexer->result_symbol == ADDRESS;
    default: break;
  }
  if (is_digit(c)) return number(&word, lexer) && valid[lexer->result_symbol];
  return is_letter(c) && letter(scanner, lexer, valid, line_end);
}

// ---- What the parser calls

void *tree_sitter_wtop_external_scanner_create(void) { return ts_calloc(1, sizeof(Scanner)); }

void tree_sitter_wtop_external_scanner_destroy(void *payload) { ts_free(payload); }

unsigned tree_sitter_wtop_external_scanner_serialize(void *payload, char *buffer) {
  const Scanner *scanner = payload;
  buffer[0] = (char)scanner->depth;
  memcpy(buffer + 1, scanner->open, scanner->depth);
  memcpy(buffer + 1 + scanner->depth, scanner->indentation, scanner->indentation_length);
  return 1u + scanner->depth + scanner->indentation_length;
}

void tree_sitter_wtop_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  scanner->depth = 0;
  scanner->indentation_length = 0;
  if (length == 0) return;
  scanner->depth = (uint8_t)buffer[0];
  scanner->indentation_length = (uint8_t)(length - 1 - scanner->depth);
  memcpy(scanner->open, buffer + 1, scanner->depth);
  memcpy(scanner->indentation, buffer + 1 + scanner->depth, scanner->indentation_length);
}

bool tree_sitter_wtop_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = payload;
  bool recovering = valid[RECOVERY];
  int32_t c = lexer->lookahead;
  if (!recovering) {
    if ((valid[STRING_TEXT] || valid[RAW_TEXT]) && !is_line_end(c)) return string_text(scanner, lexer, valid[RAW_TEXT]);
    if (valid[BLOCK_START]) return block_start(lexer, false);
    if (valid[BLOCK_TEXT] || valid[RAW_BLOCK_TEXT]) return block_text(scanner, lexer, valid[RAW_BLOCK_TEXT]);
    if (valid[PORT_TEXT] && is_port(c)) return port_text(lexer);
    if (valid[ADDRESS_PART] && (is_piece_character(c) || c == '/')) return address_part(lexer);
    if (valid[OPEN_HOLE] && c == '$') {
      next(lexer);
      return open_hole(scanner, lexer, true);
    }
  }
  bool wrong = false;
  bool line_end = skip_space(lexer, &wrong);
  if (wrong) return found_here(lexer, MISPLACED_TEXT);
  bool space_before = line_end || is_blank(c);
  // Where documentation may stand an item begins, and further line ends mean nothing.
  if (line_end && holds_items(scanner) && (recovering || !valid[DOCUMENTATION])) {
    switch (line_begin(lexer)) {
      case AN_ITEM: return found(lexer, LINE_END);
      case THE_REST: return false;
      case A_BRACE: break;
    }
  }
  return token(scanner, lexer, valid, space_before, line_end);
}
