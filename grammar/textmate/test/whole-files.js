// Every example and every device: each character has a scope, none is invalid, and what is opened is closed again.
// Usage: node test/whole-files.js FILE…
const fs = require('fs');
const path = require('path');
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');

const grammarFile = path.join(__dirname, '../../wtop.tmLanguage.json');

async function loadGrammar() {
  const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(grammarFile, 'utf8'), grammarFile),
  });
  return registry.loadGrammar('source.wtop');
}

/** What is wrong with the scopes of a file. */
function mistakes(grammar, text) {
  const found = [];
  let stack = textmate.INITIAL;
  text.split(/\r?\n/).forEach((line, index) => {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const token = line.slice(startIndex, endIndex);
      const innermost = scopes[scopes.length - 1];
      const place = `line ${index + 1}, \`${token}\``;
      if (scopes.some((scope) => scope.startsWith('invalid.'))) found.push(`${place}: ${innermost}`);
      if (innermost === 'source.wtop' && token.trim() !== '') found.push(`${place}: no scope`);
    }
  });
  if (stack.depth > 1) found.push(`at the end, ${stack.depth - 1} rules are open`);
  return found;
}

(async () => {
  const grammar = await loadGrammar();
  let failed = 0;
  for (const file of process.argv.slice(2)) {
    const found = mistakes(grammar, fs.readFileSync(file, 'utf8'));
    for (const mistake of found) console.error(`${file}: ${mistake}`);
    if (found.length > 0) failed += 1;
  }
  const count = process.argv.length - 2;
  console.log(`textmate: ${count - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || count === 0 ? 1 : 0;
})();
