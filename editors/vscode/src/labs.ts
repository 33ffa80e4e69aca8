// The tree of labs: the files of the workspace, and what each declares.

import * as vscode from "vscode";

type Entry = { uri: vscode.Uri; symbol?: vscode.DocumentSymbol };

export class Labs implements vscode.TreeDataProvider<Entry> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;

  refresh(): void {
    this.changed.fire(undefined);
  }

  getTreeItem({ uri, symbol }: Entry): vscode.TreeItem {
    const has = symbol ? symbol.children.length > 0 : true;
    const item = new vscode.TreeItem(symbol?.name ?? vscode.workspace.asRelativePath(uri), has ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
    item.iconPath = symbol ? new vscode.ThemeIcon(symbol.kind === vscode.SymbolKind.Object ? "vm" : symbol.kind === vscode.SymbolKind.Event ? "git-compare" : "symbol-misc") : vscode.ThemeIcon.File;
    if (symbol) item.description = symbol.detail;
    item.command = { command: "vscode.open", title: "Open", arguments: [uri, { selection: symbol?.selectionRange }] };
    return item;
  }

  async getChildren(entry?: Entry): Promise<Entry[]> {
    if (!entry) {
      const files = await vscode.workspace.findFiles("**/*.wtop", undefined, 500);
      return files.sort((a, b) => a.path.localeCompare(b.path)).map((uri) => ({ uri }));
    }
    const { uri } = entry;
    if (entry.symbol) return entry.symbol.children.map((symbol) => ({ uri, symbol }));
    await vscode.workspace.openTextDocument(uri);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>("vscode.executeDocumentSymbolProvider", uri);
    return (symbols ?? []).map((symbol) => ({ uri, symbol }));
  }
}
