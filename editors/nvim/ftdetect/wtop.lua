vim.filetype.add({ extension = { wtop = 'wtop' } })
