--- The drawing beside the lab: it follows edits, leads to the source, and is lit from there.
package.path = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/?.lua;' .. package.path
local t = require('support')
t.load_plugin({})
vim.o.columns = 160

local buffer = t.open('graph.wtop', 'topology t\nnode one: debian\nnode two: debian\nlink one <-> two')
local window = vim.api.nvim_get_current_win()

local function drawn()
  local drawing = require('wtop.graph').drawing(buffer)
  return drawing and t.text(drawing.buffer) or ''
end

local function lit()
  local drawing = require('wtop.graph').drawing(buffer)
  local space = vim.api.nvim_create_namespace('wtop-graph-current')
  local marks = vim.api.nvim_buf_get_extmarks(drawing.buffer, space, 0, -1, { details = true })
  return vim.tbl_map(function(mark)
    local line = t.lines(drawing.buffer)[mark[2] + 1]
    return line:sub(mark[3] + 1, mark[4].end_col)
  end, marks)
end

local parts = {}

parts['1 it is drawn'] = function()
  vim.cmd('Wtop graph')
  t.wait('both nodes are there', function()
    return drawn():find('│  one   ├eth1───eth1┤  two   │', 1, true)
  end)
  t.equal('the cursor stays in the lab', vim.api.nvim_get_current_win(), window)
end

parts['2 it follows edits'] = function()
  vim.api.nvim_buf_set_lines(buffer, -1, -1, false, { 'node three: frr', 'link three <-> two' })
  t.wait('the new node is there', function()
    return drawn():find('three')
  end)
  t.set_line(buffer, 5, 'node three: ')
  t.wait('what is half written leaves it as it was', function()
    local split = vim.fn.win_findbuf(require('wtop.graph').drawing(buffer).buffer)[1]
    return vim.wo[split].winbar:find('mistakes') and drawn():find('three')
  end)
  t.set_line(buffer, 5, 'node three: frr')
end

parts['3 the cursor in the lab lights the drawing'] = function()
  vim.api.nvim_win_set_cursor(window, { 3, 6 })
  vim.api.nvim_exec_autocmds('CursorMoved', { buffer = buffer })
  t.wait('the box of the node is lit', function()
    return vim.tbl_contains(lit(), '│  two   │') or vim.iter(lit()):any(function(text) return text:find('two') end)
  end)
  t.check('and no other', not vim.iter(lit()):any(function(text) return text:find('one') end), lit())
end

parts['4 Enter leads to the source'] = function()
  local drawing = require('wtop.graph').drawing(buffer)
  local split = vim.fn.win_findbuf(drawing.buffer)[1]
  vim.api.nvim_set_current_win(split)
  t.go_to('two')
  vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'xt', false)
  t.equal('the lab is entered', vim.api.nvim_get_current_win(), window)
  t.equal('at the node', vim.api.nvim_win_get_cursor(window), { 3, 5 })

  vim.api.nvim_set_current_win(split)
  t.go_to('eth1', 1)
  vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'xt', false)
  t.check('a wire leads to its link', t.lines(buffer)[vim.fn.line('.')]:find('^link'), vim.fn.line('.'))
end

parts['5 it closes'] = function()
  local drawing = require('wtop.graph').drawing(buffer)
  vim.api.nvim_set_current_win(vim.fn.win_findbuf(drawing.buffer)[1])
  vim.api.nvim_feedkeys('q', 'xt', false)
  t.equal('nothing is left of it', require('wtop.graph').drawing(buffer), nil)
  t.equal('no followers of the cursor', vim.api.nvim_get_autocmds({ group = 'wtop-graph', buffer = buffer }), {})
end

t.run(parts)
