" Colours without tree-sitter.
if exists('b:current_syntax')
  finish
endif

syntax iskeyword @,48-57,_,-
syntax sync minlines=200

" Words: those that begin an item count only there, and not before `=`, `+=` or `{`.
syntax match wtopKeyword "\%(^\|[{,]\)\s*\zs\%(pub\s\+\)\?\%(edition\|topology\|use\|param\|let\|type\|pool\|node\|network\|link\|lag\|wire\|interface\|vlan\|vrf\|device\|module\|defaults\|override\|remove\|attribute\|check\|expect\|target\|image\|vm\|nic\|disk\|media\|pub\)\>\%(\s*\%(+\?=\|{\)\)\@!"
syntax keyword wtopConditional if then else
syntax keyword wtopRepeat for
syntax keyword wtopOperatorWord and or not in where from each extends tagged
syntax match wtopOperatorWord "\<\%(as\|per\|at\|on\)\>\ze\s"
syntax keyword wtopBoolean true false
syntax keyword wtopConstant null
syntax keyword wtopSelf self

" What stands behind a word: a device or type, the key of an attribute, a function.
syntax match wtopType "\%(\h[0-9A-Za-z_-]*\%(\[[^]]*\]\)\?:\s\+\)\@<=\h[0-9A-Za-z_.-]*"
syntax match wtopProperty "\<\h[0-9A-Za-z_-]*\ze\s*+\?=[^=]"
syntax match wtopFunction "\<\h[0-9A-Za-z_-]*\ze("

" Values
syntax match wtopNumber "\<\%(0x\x[0-9A-Fa-f_]*\|\d[0-9_]*\)\>"
syntax match wtopNumber "\<\d\+\%(\.\d\+\)\?\%([kMGT]\?B\|[KMGT]iB\|ns\|us\|ms\|s\|min\|h\|d\|[kMGT]\?bps\)\>"
syntax match wtopNumber "\<\d\+\%(\.\d\+\)\?%"
syntax match wtopAddress "\<\d\{1,3}\%(\.\d\{1,3}\)\{3}\%(/\d\{1,2}\)\?"
syntax match wtopAddress "\<\%(\x\{1,4}:\)\{1,7}\%(:\%(\x\{1,4}\)\?\|\x\{1,4}\)\%(:\x\{1,4}\)*\%(/\d\{1,3}\)\?"
syntax match wtopAddress "\<\x\x\%(:\x\x\)\{5}\>"
syntax match wtopPort "\%([0-9A-Za-z_)]\|\]\)\@<=:\h[0-9A-Za-z_./-]*"
syntax match wtopOperator "<->\|??\|\.\.\|[=!<>]=\|+=\|[=<>*%?]"

" Texts
syntax match wtopEscape contained "\\\%([ntr"\\$]\|u{\x\+}\)"
syntax region wtopHole contained matchgroup=wtopHoleEdge start="\${" end="}" contains=wtopString,wtopNumber,wtopFunction,wtopOperator
syntax region wtopString start=+"+ skip=+\\.+ end=+"+ oneline contains=wtopEscape,wtopHole
syntax region wtopString start=+"""+ end=+"""+ contains=wtopEscape,wtopHole
syntax region wtopRawString start=+\<r"+ end=+"+ oneline
syntax region wtopRawString start=+\<r"""+ end=+"""+

" Comments
syntax keyword wtopTodo contained TODO FIXME XXX NOTE
syntax match wtopComment "//.*$" contains=wtopTodo,@Spell
syntax match wtopDocumentation "//[/!].*$" contains=wtopTodo,@Spell
syntax match wtopComment "////.*$" contains=wtopTodo,@Spell

highlight default link wtopKeyword Keyword
highlight default link wtopConditional Conditional
highlight default link wtopRepeat Repeat
highlight default link wtopOperatorWord Keyword
highlight default link wtopBoolean Boolean
highlight default link wtopConstant Constant
highlight default link wtopSelf Special
highlight default link wtopType Type
highlight default link wtopProperty Identifier
highlight default link wtopFunction Function
highlight default link wtopNumber Number
highlight default link wtopAddress Constant
highlight default link wtopPort Special
highlight default link wtopOperator Operator
highlight default link wtopEscape SpecialChar
highlight default link wtopHoleEdge Delimiter
highlight default link wtopString String
highlight default link wtopRawString String
highlight default link wtopTodo Todo
highlight default link wtopComment Comment
highlight default link wtopDocumentation SpecialComment

let b:current_syntax = 'wtop'
