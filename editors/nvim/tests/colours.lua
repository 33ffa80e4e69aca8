--- Settings of the file type, indentation, and colours with and without tree-sitter.
package.path = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/?.lua;' .. package.path
local t = require('support')
t.load_plugin()

local LAB = [[
//! A file.
topology lab
/// The router.
node fw: vsrx { memory = 4GiB, config = "x ${1 + 2}\n" }
network lan { subnet = 10.1.0.0/24 }
link fw:ge-0/0/0 <-> lan // a wire
let v6 = 2001:db8::/32
let node_count = if true then 1 else 2]]

local parts = {}

local function group_at(text, inside)
  t.go_to(text, inside)
  return vim.fn.synIDattr(vim.fn.synID(vim.fn.line('.'), vim.fn.col('.'), 1), 'name')
end

parts['1 the file type'] = function()
  vim.cmd('edit ' .. t.write('colours.wtop', LAB))
  t.equal('type', vim.bo.filetype, 'wtop')
  t.equal('comments', vim.bo.commentstring, '// %s')
  t.equal('blanks', { vim.bo.expandtab, vim.bo.shiftwidth }, { true, 2 })
end

parts['2 colours without tree-sitter'] = function()
  vim.treesitter.stop()
  vim.bo.syntax = 'wtop'
  local wanted = {
    ['//! A'] = 'wtopDocumentation',
    ['/// The'] = 'wtopDocumentation',
    ['// a wire'] = 'wtopComment',
    ['topology lab'] = 'wtopKeyword',
    ['node fw'] = 'wtopKeyword',
    ['network lan'] = 'wtopKeyword',
    ['link fw'] = 'wtopKeyword',
    ['vsrx'] = 'wtopType',
    ['memory'] = 'wtopProperty',
    ['4GiB'] = 'wtopNumber',
    ['"x '] = 'wtopString',
    ['10.1.0.0/24'] = 'wtopAddress',
    ['2001:db8'] = 'wtopAddress',
    ['<->'] = 'wtopOperator',
    ['if true'] = 'wtopConditional',
    ['true'] = 'wtopBoolean',
    ['\\n"'] = 'wtopEscape',
    ['${'] = 'wtopHoleEdge',
  }
  for text, group in pairs(wanted) do
    t.equal(text, group_at(text), group)
  end
  t.equal('an interface', group_at('ge-0/0/0'), 'wtopPort')
  t.check('a name is no keyword', group_at('node_count') ~= 'wtopKeyword')
end

parts['3 indentation'] = function()
  vim.cmd('enew!')
  vim.bo.filetype = 'wtop'
  vim.api.nvim_feedkeys('itopology t\rnode a: debian {\rmemory = 1GiB\rusers {\rops { }\r}\r}\rnode b: debian', 'xt', false)
  t.equal('lines', t.lines(), {
    'topology t', 'node a: debian {', '  memory = 1GiB', '  users {', '    ops { }', '  }', '}', 'node b: debian',
  })
  vim.cmd('bwipeout!')
end

parts['4 colours by tree-sitter'] = function()
  local told
  vim.notify = function(text)
    told = text
  end
  vim.cmd('edit ' .. t.write('tree.wtop', LAB))
  vim.cmd('WtopInstallParser')
  t.check('the parser is compiled', require('wtop.parser').is_installed(), told)
  t.check('it colours this buffer', vim.treesitter.highlighter.active[vim.api.nvim_get_current_buf()])
  local tree = vim.treesitter.get_parser(0, 'wtop'):parse(true)[1]:root()
  t.check('the whole file is understood', not tree:has_error(), tree:sexpr())
  local function captures(text)
    t.go_to(text)
    return vim.tbl_map(function(capture)
      return capture.capture
    end, vim.treesitter.get_captures_at_pos(0, vim.fn.line('.') - 1, vim.fn.col('.') - 1))
  end
  t.check('a keyword', vim.tbl_contains(captures('node fw'), 'keyword'), captures('node fw'))
  t.check('an address', vim.tbl_contains(captures('10.1.0.0/24'), 'string.special'), captures('10.1.0.0/24'))
  t.check('a device', vim.tbl_contains(captures('vsrx'), 'type'), captures('vsrx'))
  for _, name in ipairs(vim.fn.glob(require('wtop.parser').grammar() .. '/queries/*.scm', true, true)) do
    local query = vim.fn.fnamemodify(name, ':t:r')
    local ok, wrong = pcall(vim.treesitter.query.get, 'wtop', query)
    t.check('the query ' .. query .. ' is valid here', ok, wrong)
  end
end

t.run(parts)
