--- Starts the language server, and switches its features on in the buffers that it serves.
local M = {}

local group = vim.api.nvim_create_augroup('wtop', { clear = true })

--- What lenses do when they are run: the server names these commands.
vim.lsp.commands['wtop.preview'] = function(command)
  vim.api.nvim_win_set_buf(0, vim.uri_to_bufnr(command.arguments[1]))
  require('wtop.graph').open()
end

vim.lsp.commands['wtop.showReferences'] = function(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local items = vim.lsp.util.locations_to_items(command.arguments[3], client.offset_encoding)
  vim.fn.setqflist({}, ' ', { title = command.title, items = items })
  vim.cmd(#items == 1 and 'cfirst' or 'botright copen')
end

--- Starts the server in buffers with labs, those that are open included.
function M.enable(options)
  local settings = { wtop = options.settings }
  if vim.lsp.config then
    vim.lsp.config('wtop', { cmd = options.cmd, settings = settings })
    vim.lsp.enable('wtop')
  else
    M.enable_by_hand(options, settings)
  end
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'wtop' then
        M.on_attach(client, event.buf, options)
      end
    end,
  })
end

--- Before Neovim 0.11 nothing starts servers by file type.
function M.enable_by_hand(options, settings)
  local function start(buffer)
    local name = vim.api.nvim_buf_get_name(buffer)
    local found = vim.fs.find({ 'wtop.toml', '.git' }, { path = vim.fs.dirname(name), upward = true })
    local root = found[1] and vim.fs.dirname(found[1])
    vim.api.nvim_buf_call(buffer, function()
      vim.lsp.start({ name = 'wtop', cmd = options.cmd, root_dir = root, settings = settings })
    end)
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = 'wtop',
    callback = function(event)
      start(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.bo[buffer].filetype == 'wtop' then
      start(buffer)
    end
  end
end

--- The server of a buffer, if it runs.
function M.client(buffer)
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  return get({ bufnr = buffer, name = 'wtop' })[1]
end

local function supports(client, method, buffer)
  if vim.fn.has('nvim-0.11') == 1 then
    return client:supports_method(method, buffer)
  end
  return client.supports_method(method)
end

--- Lights the places of the name under the cursor when it rests.
local function highlight_names(buffer)
  vim.api.nvim_create_autocmd({ 'CursorHold', 'CursorHoldI' }, {
    group = group,
    buffer = buffer,
    callback = vim.lsp.buf.document_highlight,
  })
  vim.api.nvim_create_autocmd({ 'CursorMoved', 'CursorMovedI' }, {
    group = group,
    buffer = buffer,
    callback = vim.lsp.buf.clear_references,
  })
end

local function show_lenses(buffer)
  vim.lsp.codelens.refresh({ bufnr = buffer })
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, {
    group = group,
    buffer = buffer,
    callback = function()
      vim.lsp.codelens.refresh({ bufnr = buffer })
    end,
  })
end

local function fold(buffer)
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    vim.wo[window][0].foldmethod = 'expr'
    vim.wo[window][0].foldexpr = 'v:lua.vim.lsp.foldexpr()'
    vim.wo[window][0].foldlevel = 99
  end
end

--- What the server offers and the options ask for.
function M.on_attach(client, buffer, options)
  vim.api.nvim_clear_autocmds({ group = group, buffer = buffer })
  if options.inlay_hints and vim.lsp.inlay_hint and supports(client, 'textDocument/inlayHint', buffer) then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if options.code_lens and vim.fn.has('nvim-0.10') == 1 and supports(client, 'textDocument/codeLens', buffer) then
    show_lenses(buffer)
  end
  if options.document_highlight and supports(client, 'textDocument/documentHighlight', buffer) then
    highlight_names(buffer)
  end
  if options.folding and vim.lsp.foldexpr and supports(client, 'textDocument/foldingRange', buffer) then
    fold(buffer)
  end
  if options.completion and vim.lsp.completion then
    vim.lsp.completion.enable(true, client.id, buffer, { autotrigger = true })
  end
  if options.format_on_save then
    vim.api.nvim_create_autocmd('BufWritePre', {
      group = group,
      buffer = buffer,
      callback = function()
        vim.lsp.buf.format({ bufnr = buffer, name = 'wtop' })
      end,
    })
  end
end

--- Asks the server, and calls `done(answer)`; what it refuses is shown.
function M.ask(client, method, asked, buffer, done)
  local function answered(refused, answer)
    if refused then
      vim.notify('wtop: ' .. refused.message, vim.log.levels.ERROR)
    elseif answer then
      done(answer)
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(method, asked, answered, buffer)
  else
    client.request(method, asked, answered, buffer)
  end
end

--- Tells the server something.
function M.tell(client, method, said)
  if vim.fn.has('nvim-0.11') == 1 then
    client:notify(method, said)
  else
    client.notify(method, said)
  end
end

return M
