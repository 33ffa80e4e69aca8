--- What the tests share. `WTOP` is the program; each test file runs in a Neovim of its own: `nvim --clean --headless -l`.
local M = {}

M.plugin = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h:h')
M.program = assert(os.getenv('WTOP'), 'WTOP names the program to test')
M.repository = vim.fn.fnamemodify(M.plugin, ':h:h')
-- A folder without links, as the server knows files by their real names.
M.folder = (vim.uv or vim.loop).fs_realpath(vim.fn.fnamemodify(vim.fn.tempname(), ':h'))

local passed, failed = 0, 0

--- What Neovim before 0.11 calls without the client.
local function call(client, method, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[method](client, ...)
  end
  return client[method](...)
end

--- With options, the server starts in labs.
function M.load_plugin(options)
  vim.opt.runtimepath:prepend(M.plugin)
  vim.opt.swapfile = false
  vim.opt.showmode = false
  vim.cmd('filetype plugin indent on')
  vim.cmd('syntax on')
  vim.cmd('runtime! ftdetect/wtop.lua')
  vim.cmd('runtime! plugin/wtop.lua')
  if options then
    require('wtop').setup(vim.tbl_extend('force', { cmd = { M.program, 'lsp' } }, options))
  end
end

--- One thing that should hold; a failure is told and the rest goes on.
function M.check(name, holds, told)
  if holds then
    passed = passed + 1
  else
    failed = failed + 1
    io.stdout:write(('  FAILED %s%s\n'):format(name, told ~= nil and ': ' .. vim.inspect(told) or ''))
  end
end

function M.equal(name, found, wanted)
  M.check(name, vim.deep_equal(found, wanted), { found = found, wanted = wanted })
end

--- Waits until a function gives something true, and returns that.
function M.wait(name, ready)
  local result
  local ok = vim.wait(20000, function()
    result = ready()
    return result
  end, 20)
  M.check(name, ok)
  return result
end

function M.write(name, text)
  local path = M.folder .. '/' .. name
  vim.fn.mkdir(vim.fn.fnamemodify(path, ':h'), 'p')
  vim.fn.writefile(vim.split(text, '\n'), path)
  return path
end

--- Opens a lab, and waits until the server serves it.
function M.open(name, text)
  vim.cmd('edit ' .. M.write(name, text))
  local buffer = vim.api.nvim_get_current_buf()
  local client = M.wait('the server serves ' .. name, function()
    local client = require('wtop.server').client(buffer)
    return client and client.initialized and client
  end)
  return buffer, client
end

function M.lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)
end

function M.text(buffer)
  return table.concat(M.lines(buffer), '\n')
end

function M.set_line(buffer, number, text)
  vim.api.nvim_buf_set_lines(buffer, number - 1, number, false, { text })
end

--- Puts the cursor on the first place of a text: on its column `inside`, counted from 0.
function M.go_to(text, inside)
  for number, line in ipairs(M.lines()) do
    local column = line:find(text, 1, true)
    if column then
      vim.api.nvim_win_set_cursor(0, { number, column - 1 + (inside or 0) })
      return
    end
  end
  error('there is no ' .. text)
end

--- The answer to a request about where the cursor is.
function M.ask(client, method, more)
  local parameters = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answer = call(client, 'request_sync', method, vim.tbl_extend('force', parameters, more or {}), 20000, 0)
  M.check(method .. ' is answered', answer and not answer.err, answer and answer.err or 'nothing')
  return answer and answer.result
end

--- The diagnostics of a buffer once there are so many.
function M.diagnostics(name, buffer, count)
  M.wait(name, function()
    return #vim.diagnostic.get(buffer) == count
  end)
  return vim.diagnostic.get(buffer)
end

--- The server has to offer this; what it does not offer is not asked.
function M.offers(client, method)
  local is_offered = call(client, 'supports_method', method)
  M.check('the server offers ' .. method, is_offered)
  return is_offered
end

--- The one window that floats, if any.
function M.float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return window, M.text(vim.api.nvim_win_get_buf(window))
    end
  end
end

--- Runs the parts of a test; ends with the number of what failed.
function M.run(parts)
  local names = vim.tbl_keys(parts)
  table.sort(names)
  for _, name in ipairs(names) do
    local ok, wrong = xpcall(parts[name], debug.traceback)
    M.check(name, ok, wrong)
  end
  -- Neovim asks for diagnostics until the last moment, and tells that they were refused.
  vim.notify = function() end
  local clients = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, client in ipairs(clients()) do
    call(client, 'stop')
  end
  vim.wait(5000, function()
    return #clients() == 0
  end)
  io.stdout:write(('%d passed, %d failed\n'):format(passed, failed))
  vim.cmd(failed == 0 and 'qall!' or 'cquit 1')
end

return M
