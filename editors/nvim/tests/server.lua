--- What the language server gives in a real Neovim.
package.path = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/?.lua;' .. package.path
local t = require('support')
t.load_plugin({ format_on_save = true })

local LAB = [[
topology lab

network lan { subnet = 10.1.0.0/24 }

/// The router.
node fw: vsrx
node h[1..2]: debian

link h[1] <-> fw:ge-0/0/0 { subnet = 10.2.0.0/30 }
link h[2] <-> lan
link fw:ge-0/0/1 <-> lan]]

local parts = {}

parts['1 mistakes come and go'] = function()
  local buffer, client = t.open('mistakes.wtop', (LAB:gsub('debian', 'debain')))
  local found = t.diagnostics('the mistake is told', buffer, 1)[1]
  t.equal('its code', found.code, 'E0410')
  t.equal('its place', { found.lnum, found.col, found.end_col }, { 6, 14, 20 })
  local href = vim.tbl_get(found, 'user_data', 'lsp', 'codeDescription', 'href')
  t.check('its page', href and href:find('E0410'), href)
  t.set_line(buffer, 7, 'node h[1..2]: debian')
  t.diagnostics('the mistake is gone', buffer, 0)

  t.set_line(buffer, 7, 'node h[1..2]: debain')
  t.diagnostics('it is back', buffer, 1)
  t.go_to('debain')
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find('debian') ~= nil
    end,
  })
  t.wait('the fix is applied', function()
    return t.lines()[7] == 'node h[1..2]: debian'
  end)
  t.diagnostics('nothing is wrong any more', buffer, 0)
  t.equal('the server names itself', client.server_info.name, 'wtop')
end

parts['2 formatting'] = function()
  local buffer = t.open('format.wtop', 'topology t\nnode   a:   debian\nnode b: debian\nlink a<->b')
  t.diagnostics('nothing is wrong', buffer, 0)
  vim.cmd('silent write')
  t.equal('saving formats', t.lines(), { 'topology t', 'node a: debian', 'node b: debian', 'link a <-> b' })
end

parts['3 hover'] = function()
  local _, client = t.open('hover.wtop', LAB)
  if not t.offers(client, 'textDocument/hover') then
    return
  end
  t.go_to('vsrx')
  vim.lsp.buf.hover()
  t.wait('a float opens', t.float)
  local _, text = t.float()
  t.check('it tells of the device', text:find('Juniper'), text)
  vim.cmd('fclose')
end

parts['4 definition and references'] = function()
  local _, client = t.open('names.wtop', LAB)
  if t.offers(client, 'textDocument/definition') then
    t.go_to('<-> lan', 4)
    vim.lsp.buf.definition()
    t.wait('the cursor is on the network', function()
      return vim.fn.line('.') == 3
    end)
  end
  if t.offers(client, 'textDocument/references') then
    t.go_to('network lan', 8)
    local places = t.ask(client, 'textDocument/references', { context = { includeDeclaration = true } })
    t.equal('declared once, used twice', #places, 3)
  end
  if t.offers(client, 'textDocument/documentHighlight') then
    t.go_to('network lan', 8)
    t.equal('as many are lit', #t.ask(client, 'textDocument/documentHighlight'), 3)
    vim.api.nvim_exec_autocmds('CursorHold', { buffer = 0 })
    t.wait('in the buffer too', function()
      local space = vim.api.nvim_get_namespaces()['nvim.lsp.references'] or vim.api.nvim_get_namespaces().vim_lsp_references
      return space and #vim.api.nvim_buf_get_extmarks(0, space, 0, -1, {}) == 3
    end)
  end
end

parts['5 rename in two files'] = function()
  t.write('library.wtop', 'pub type speed = rate')
  local buffer, client = t.open('uses.wtop', 'use "./library.wtop".{speed}\ntopology t\nparam s: speed = 1Gbps\nnode a: debian')
  if not t.offers(client, 'textDocument/rename') then
    return
  end
  t.diagnostics('nothing is wrong', buffer, 0)
  t.go_to('s: speed', 3)
  vim.lsp.buf.rename('pace')
  t.wait('this file is changed', function()
    return t.lines(buffer)[3] == 'param s: pace = 1Gbps'
  end)
  t.equal('the import too', t.lines(buffer)[1], 'use "./library.wtop".{pace}')
  t.equal('the other file too', t.lines(vim.fn.bufnr('library.wtop'))[1], 'pub type pace = rate')
end

parts['6 completion'] = function()
  local _, client = t.open('completion.wtop', 'topology t\nnode a: deb\nnode b: debian { mem }')
  if not t.offers(client, 'textDocument/completion') then
    return
  end
  local parameters = vim.lsp.util.make_position_params(0, client.offset_encoding)
  parameters.position = { line = 1, character = 11 }
  local answer = t.ask(client, 'textDocument/completion', parameters)
  local items = answer.items or answer
  local debian = vim.iter(items):find(function(item)
    return item.label == 'debian'
  end)
  t.check('a device is offered', debian, vim.tbl_map(function(item) return item.label end, items))
  t.check('with details', debian and (debian.detail or debian.labelDetails or debian.documentation), debian)
end

parts['8 signatures'] = function()
  local _, client = t.open('signature.wtop', 'topology t\nlet a = hex(')
  if t.offers(client, 'textDocument/signatureHelp') then
    vim.api.nvim_win_set_cursor(0, { 2, 12 })
    local parameters = vim.lsp.util.make_position_params(0, client.offset_encoding)
    parameters.position.character = 12
    local answer = t.ask(client, 'textDocument/signatureHelp', parameters)
    t.check('what a function takes', answer and answer.signatures[1].label:find('^hex%('), answer)
  end
end

parts['7 symbols, folds, hints, colours'] = function()
  local buffer, client = t.open('symbols.wtop', LAB:gsub('node fw: vsrx', 'node fw: vsrx {\n  memory = 4GiB\n}'))
  t.diagnostics('nothing is wrong', buffer, 0)
  local document = { textDocument = { uri = vim.uri_from_bufnr(buffer) } }
  if t.offers(client, 'textDocument/documentSymbol') then
    local names = {}
    local function walk(symbols)
      for _, symbol in ipairs(symbols) do
        names[symbol.name] = true
        walk(symbol.children or {})
      end
    end
    walk(t.ask(client, 'textDocument/documentSymbol', document))
    t.check('nodes and networks are symbols', names.fw and names.lan, names)
  end
  if t.offers(client, 'textDocument/foldingRange') then
    t.wait('the node folds', function()
      vim.cmd('normal! zx')
      return vim.fn.foldlevel(7) > 0
    end)
  end
  if t.offers(client, 'textDocument/inlayHint') then
    t.check('hints are on', vim.lsp.inlay_hint.is_enabled({ bufnr = buffer }))
    t.wait('hints come', function()
      return #vim.lsp.inlay_hint.get({ bufnr = buffer }) > 0
    end)
  end
  if t.offers(client, 'textDocument/semanticTokens/full') then
    t.wait('what words mean is coloured', function()
      local found = vim.lsp.semantic_tokens.get_at_pos(buffer, 5, 5)
      return found and #found > 0
    end)
  end
  if t.offers(client, 'textDocument/codeLens') then
    vim.lsp.codelens.refresh({ bufnr = buffer })
    local lens = t.wait('lenses come', function()
      return vim.iter(vim.lsp.codelens.get(buffer)):find(function(lens)
        return lens.range.start.line == 2 and lens.command
      end)
    end)
    t.equal('the network counts its links', lens.command.title, '2 links')
    vim.lsp.commands[lens.command.command](lens.command, { client_id = client.id })
    t.equal('and lists them', vim.tbl_map(function(item) return item.lnum end, vim.fn.getqflist()), { 12, 13 })
    vim.cmd('cclose')
  end
end

t.run(parts)
