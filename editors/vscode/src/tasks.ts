// What the program does with a lab, as tasks in the terminal.

import * as vscode from "vscode";

export const COMMANDS = ["check", "build", "plan", "up", "down", "status"] as const;

export function task(command: string, file: string, program: string, folder: vscode.WorkspaceFolder | undefined): vscode.Task {
  const run = new vscode.ProcessExecution(program, [command, file]);
  const made = new vscode.Task({ type: "wtop", command, file }, folder ?? vscode.TaskScope.Workspace, `${command} ${vscode.workspace.asRelativePath(file)}`, "wtop", run, "$wtop");
  if (command === "build") made.group = vscode.TaskGroup.Build;
  return made;
}

/** Tasks of the lab in the active editor; and those that are written in `tasks.json`. */
export function provider(program: () => string): vscode.TaskProvider {
  return {
    provideTasks: () => {
      const document = vscode.window.activeTextEditor?.document;
      if (document?.languageId !== "wtop") return [];
      return COMMANDS.map((command) => task(command, document.uri.fsPath, program(), vscode.workspace.getWorkspaceFolder(document.uri)));
    },
    resolveTask: (written) => {
      const { command, file } = written.definition as vscode.TaskDefinition & { command: string; file: string };
      return task(command, file, program(), vscode.workspace.workspaceFolders?.[0]);
    },
  };
}
