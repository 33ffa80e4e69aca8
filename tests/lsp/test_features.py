"""What docs/editors.md says the language server can do, asked for one by one by a client that is not ours: pytest-lsp,
with what VS Code, Neovim and Emacs say that they can. Run by scripts/e2e-lsp, which names the program in $WTOP."""

import os
import pathlib
import re
import shutil

import pytest
import pytest_lsp
from lsprotocol import types as t
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

LAB = pathlib.Path(__file__).parent / "lab"
WTOP = os.environ["WTOP"]


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(LAB, tmp_path / "lab")
    return tmp_path / "lab"


def make_client(*args, **kwargs):
    """A client that takes what the server asks of it."""
    made = pytest_lsp.make_test_lsp_client(*args, **kwargs)
    for what in ["codeLens", "inlayHint", "semanticTokens"]:
        made.feature(f"workspace/{what}/refresh")(lambda params: None)
    made.feature("client/registerCapability")(lambda params: None)
    made.feature("wtop/graphChanged")(lambda params: None)
    return made


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[WTOP, "lsp"], client_factory=make_client),
    params=["visual-studio-code", "neovim", "emacs"],
)
async def client(request, lsp_client: LanguageClient, folder):
    """A session in which both files are open, and have been looked at."""
    workspace = [t.WorkspaceFolder(uri=folder.as_uri(), name="lab")]
    lsp_client.folder = folder
    capabilities = client_capabilities(request.param)
    lsp_client.can = (
        await lsp_client.initialize_session(
            t.InitializeParams(capabilities=capabilities, root_uri=folder.as_uri(), workspace_folders=workspace)
        )
    ).capabilities
    for name in ["lab.wtop", "devices.wtop"]:
        open_file(lsp_client, name, (folder / name).read_text())
    await told(lsp_client, "lab.wtop", lambda found: True)
    yield
    await lsp_client.shutdown_session()


def uri(client, name="lab.wtop"):
    return (client.folder / name).as_uri()


def document(client, name="lab.wtop"):
    return t.TextDocumentIdentifier(uri(client, name))


def open_file(client, name, text):
    item = t.TextDocumentItem(uri=uri(client, name), language_id="wtop", version=1, text=text)
    client.text_document_did_open(t.DidOpenTextDocumentParams(item))


def units(client, text):
    """How many units the client counts a text as."""
    utf8 = client.can.position_encoding == t.PositionEncodingKind.Utf8
    return len(text.encode()) if utf8 else len(text.encode("utf-16-le")) // 2


def at(client, mark, name="lab.wtop", skip=0):
    """The position of `|` in a mark such as `node |host`, as the file is on disk."""
    text = (client.folder / name).read_text()
    before, _, after = mark.partition("|")
    found = [match.start() for match in re.finditer(re.escape(before + after), text)][skip] + len(before)
    lines = text[:found].split("\n")
    return t.Position(len(lines) - 1, units(client, lines[-1]))


def change(client, old, new, version=2, name="lab.wtop"):
    """Types `new` over the first `old`, and gives the text that it leads to. The file on disk stays."""
    text = (client.folder / name).read_text()
    start = at(client, "|" + old, name)
    end = t.Position(start.line + old.count("\n"), 0)
    last = old.split("\n")[-1]
    end.character = units(client, last) + (start.character if "\n" not in old else 0)
    edit = t.TextDocumentContentChangePartial(range=t.Range(start, end), text=new)
    versioned = t.VersionedTextDocumentIdentifier(uri=uri(client, name), version=version)
    client.text_document_did_change(t.DidChangeTextDocumentParams(versioned, [edit]))
    return text.replace(old, new, 1)


async def told(client, name, wanted):
    """The diagnostics of a file, once they are as wanted."""
    while True:
        found = client.diagnostics.get(uri(client, name))
        if found is not None and wanted(found):
            return found
        await client.wait_for_notification("textDocument/publishDiagnostics")


def applied(client, text, edits):
    """A text after edits."""
    lines = text.split("\n")

    def offset(position):
        before = sum(len(line) + 1 for line in lines[: position.line])
        line = lines[position.line] if position.line < len(lines) else ""
        return before + next(n for n in range(len(line) + 1) if units(client, line[:n]) >= position.character)

    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


def edits_of(change, file):
    """The edits of a file in a workspace edit, in either of its forms."""
    for known in change.document_changes or []:
        if getattr(known, "text_document", None) and known.text_document.uri == file:
            return known.edits
    return (change.changes or {}).get(file, [])


async def test_diagnostics_are_pushed_with_code_page_and_related_places(client):
    change(client, "node host: debian", "node host: debain")
    found = await told(client, "lab.wtop", lambda found: len(found) > 0)
    assert found[0].source == "wtop" and re.fullmatch("[EW][0-9]{4}", found[0].code)
    assert found[0].code_description.href.startswith("file://")
    assert "debain" in found[0].message
    assert found[0].data["fixes"] == ["Write `debian`"]


async def test_diagnostics_are_pulled(client):
    change(client, "leaf[1]:eth2", "leaf[1]:eth1")
    report = await client.text_document_diagnostic_async(t.DocumentDiagnosticParams(document(client)))
    assert report.kind == "full" and report.items
    assert any(item.related_information for item in report.items)
    again = t.DocumentDiagnosticParams(document(client), previous_result_id=report.result_id)
    assert (await client.text_document_diagnostic_async(again)).kind == "unchanged"
    everything = await client.workspace_diagnostic_async(t.WorkspaceDiagnosticParams(previous_result_ids=[]))
    assert {item.uri for item in everything.items} >= {uri(client), uri(client, "devices.wtop")}


async def completions(client, position):
    answer = await client.text_document_completion_async(t.CompletionParams(document(client), position))
    return {item.label: item for item in (answer.items if hasattr(answer, "items") else answer)}


async def test_completion_of_devices_attributes_and_free_interfaces(client):
    items = await completions(client, at(client, "node host: |debian"))
    assert {"debian", "edge", "vsrx", "vmx"} <= items.keys()
    resolved = await client.completion_item_resolve_async(items["vsrx"])
    assert resolved.documentation or resolved.detail
    items = await completions(client, at(client, "{ |memory = 2GiB"))
    assert "cpu" in items
    change(client, "link host <-> lan", "link host: <-> lan")
    position = at(client, "link host| <-> lan")
    position.character += 1
    items = await completions(client, position)
    assert "eth1" in items


async def test_completion_imports_what_is_not_there_yet(client):
    change(client, "node host: debian", "node host: si")
    position = at(client, "node host: |debian")
    position.character += 2
    items = await completions(client, position)
    assert "site" in items, items.keys()
    item = await client.completion_item_resolve_async(items["site"])
    assert "site" in item.additional_text_edits[0].new_text


async def test_hover(client):
    answer = await client.text_document_hover_async(t.HoverParams(document(client), at(client, "node |spine")))
    assert "spine" in answer.contents.value and "edge" in answer.contents.value
    answer = await client.text_document_hover_async(t.HoverParams(document(client), at(client, "1..|leaves")))
    assert "How many leaves" in answer.contents.value and "2" in answer.contents.value
    answer = await client.text_document_hover_async(t.HoverParams(document(client), at(client, "host: |debian")))
    assert "eth1" in answer.contents.value
    answer = await client.text_document_hover_async(t.HoverParams(document(client), at(client, "{ |subnet = from p2p")))
    assert "10.0.0." in answer.contents.value


def places(answer):
    answer = answer if isinstance(answer, list) else [answer]
    return [(getattr(it, "uri", None) or it.target_uri, getattr(it, "range", None) or it.target_selection_range) for it in answer]


async def test_definition_declaration_type_implementation(client):
    here = dict(text_document=document(client), position=at(client, "spine: |edge"))
    [(file, place)] = places(await client.text_document_definition_async(t.DefinitionParams(**here)))
    assert file == uri(client, "devices.wtop") and place.start.line == 1
    [(file, place)] = places(await client.text_document_declaration_async(t.DeclarationParams(**here)))
    assert file == uri(client) and place.start == at(client, "{|edge}")
    found = places(await client.text_document_implementation_async(t.ImplementationParams(**here)))
    assert {place.start.line for file, place in found if file == uri(client)} >= {at(client, "node |spine").line, at(client, "node |leaf").line}
    here["position"] = at(client, "reachable(|host")
    [(file, place)] = places(await client.text_document_type_definition_async(t.TypeDefinitionParams(**here)))
    assert "linux" in file or "debian" in file
    library = pathlib.Path(file.removeprefix("file://"))
    assert "device debian" in library.read_text()


async def test_references_and_highlights(client):
    position = at(client, "node |leaf")
    context = t.ReferenceContext(include_declaration=True)
    found = await client.text_document_references_async(t.ReferenceParams(context, document(client), position))
    assert len(found) == 4
    found = await client.text_document_document_highlight_async(t.DocumentHighlightParams(document(client), position))
    assert len(found) == 4
    position = at(client, "device |edge", "devices.wtop")
    found = await client.text_document_references_async(t.ReferenceParams(context, document(client, "devices.wtop"), position))
    assert {place.uri for place in found} == {uri(client), uri(client, "devices.wtop")}


async def test_rename_across_files(client):
    position = at(client, "spine: |edge")
    prepared = await client.text_document_prepare_rename_async(t.PrepareRenameParams(document(client), position))
    assert prepared
    answer = await client.text_document_rename_async(t.RenameParams(document(client), position, "border"))
    text = applied(client, (LAB / "lab.wtop").read_text(), edits_of(answer, uri(client)))
    assert "{border}" in text and "spine: border" in text and "edge" not in text
    text = applied(client, (LAB / "devices.wtop").read_text(), edits_of(answer, uri(client, "devices.wtop")))
    assert "device border" in text and "gw: border" in text


async def test_a_renamed_file_mends_its_imports(client):
    moved = t.FileRename(uri(client, "devices.wtop"), uri(client, "parts.wtop"))
    answer = await client.workspace_will_rename_files_async(t.RenameFilesParams([moved]))
    text = applied(client, (LAB / "lab.wtop").read_text(), edits_of(answer, uri(client)))
    assert 'use "./parts.wtop".{edge}' in text


async def test_symbols(client):
    symbols = await client.text_document_document_symbol_async(t.DocumentSymbolParams(document(client)))
    names = {symbol.name for symbol in symbols}
    assert any(name.startswith("leaf") for name in names) and {"spine", "lan", "p2p"} <= names
    found = await client.workspace_symbol_async(t.WorkspaceSymbolParams(query="sit"))
    assert any(symbol.name == "site" for symbol in found)


async def test_semantic_tokens(client):
    full = await client.text_document_semantic_tokens_full_async(t.SemanticTokensParams(document(client)))
    assert len(full.data) % 5 == 0 and len(full.data) > 100
    change(client, "memory = 2GiB", "memory = 20GiB")
    delta = t.SemanticTokensDeltaParams(document(client), full.result_id)
    answer = await client.text_document_semantic_tokens_full_delta_async(delta)
    assert len(answer.edits) >= 1 and sum(len(edit.data or []) for edit in answer.edits) < 50
    part = t.SemanticTokensRangeParams(document(client), t.Range(t.Position(12, 0), t.Position(13, 0)))
    assert 0 < len((await client.text_document_semantic_tokens_range_async(part)).data) < len(full.data)


async def test_inlay_hints(client):
    everything = t.Range(t.Position(0, 0), t.Position(40, 0))
    hints = await client.text_document_inlay_hint_async(t.InlayHintParams(document(client), everything))
    labels = " ".join(hint.label if isinstance(hint.label, str) else "".join(part.value for part in hint.label) for hint in hints)
    assert "10.0.0." in labels and "10.255.0." in labels
    assert (await client.inlay_hint_resolve_async(hints[0])) is not None


async def test_code_lenses(client):
    lenses = await client.text_document_code_lens_async(t.CodeLensParams(document(client, "devices.wtop")))
    resolved = [await client.code_lens_resolve_async(lens) if lens.command is None else lens for lens in lenses]
    assert any(re.search("[0-9]", lens.command.title) for lens in resolved)


async def actions(client, place, only=None):
    context = t.CodeActionContext(diagnostics=[], only=only)
    found = await client.text_document_code_action_async(t.CodeActionParams(document(client), place, context))
    return {action.title: action for action in found or []}


async def resolved(client, action):
    return action if action.edit else await client.code_action_resolve_async(action)


async def test_quick_fixes_and_fix_all(client):
    text = change(client, "node host: debian", "node host: debain")
    found = await told(client, "lab.wtop", lambda found: len(found) > 0)
    fix = (await actions(client, found[0].range))["Write `debian`"]
    assert fix.kind == t.CodeActionKind.QuickFix and fix.is_preferred
    assert applied(client, text, edits_of((await resolved(client, fix)).edit, uri(client))) == (LAB / "lab.wtop").read_text()
    everything = t.Range(t.Position(0, 0), t.Position(40, 0))
    found = await actions(client, everything, [t.CodeActionKind.SourceFixAll])
    [fix] = found.values()
    assert "node host: debian" in applied(client, text, edits_of((await resolved(client, fix)).edit, uri(client)))


async def test_refactorings(client):
    text = (LAB / "lab.wtop").read_text()
    found = await actions(client, t.Range(at(client, "node |host"), at(client, "node |host")), ["refactor"])
    kinds = {action.kind for action in found.values()}
    assert any(kind.startswith("refactor.extract") for kind in kinds), found.keys()
    found = await actions(client, t.Range(at(client, "|node pc1"), at(client, "pc2: debian|")), ["refactor.rewrite"])
    assert found
    edit = (await resolved(client, next(iter(found.values())))).edit
    assert applied(client, text, edits_of(edit, uri(client))) != text


async def test_sorting_imports(client):
    change(client, "{edge}", "{site, edge}")
    everything = t.Range(t.Position(0, 0), t.Position(40, 0))
    found = await actions(client, everything, [t.CodeActionKind.SourceOrganizeImports])
    assert found


async def test_formatting(client):
    text = change(client, "node host: debian", "node   host:  debian")
    options = t.FormattingOptions(tab_size=2, insert_spaces=True)
    edits = await client.text_document_formatting_async(t.DocumentFormattingParams(document(client), options))
    assert applied(client, text, edits) == (LAB / "lab.wtop").read_text()
    line = at(client, "node |host").line
    some = t.Range(t.Position(line, 0), t.Position(line + 1, 0))
    edits = await client.text_document_range_formatting_async(t.DocumentRangeFormattingParams(document(client), some, options))
    assert applied(client, text, edits) == (LAB / "lab.wtop").read_text()


async def test_formatting_while_typing(client):
    change(client, "node host: debian { memory = 2GiB }", "node host: debian {\nmemory = 2GiB }")
    options = t.FormattingOptions(tab_size=2, insert_spaces=True)
    position = t.Position(at(client, "node |host").line + 1, 0)
    typed = t.DocumentOnTypeFormattingParams(document(client), position, "\n", options)
    edits = await client.text_document_on_type_formatting_async(typed)
    assert edits and edits[0].new_text == "  "


async def test_folding_and_selection(client):
    folds = await client.text_document_folding_range_async(t.FoldingRangeParams(document(client)))
    assert any(fold.start_line == at(client, "|for i").line for fold in folds)
    position = at(client, "from |p2p }")
    [selection] = await client.text_document_selection_range_async(t.SelectionRangeParams(document(client), [position]))
    depth = 0
    while selection:
        depth, inner, selection = depth + 1, selection.range, selection.parent
    assert depth >= 4 and inner.start.line == 0


async def test_linked_editing_links_and_signatures(client):
    position = at(client, "node |spine")
    linked = await client.text_document_linked_editing_range_async(t.LinkedEditingRangeParams(document(client), position))
    assert linked is None or len(linked.ranges) >= 2
    links = await client.text_document_document_link_async(t.DocumentLinkParams(document(client)))
    assert uri(client, "devices.wtop") in {link.target for link in links}
    position = at(client, "reachable(|host")
    help = await client.text_document_signature_help_async(t.SignatureHelpParams(document(client), position))
    assert "reachable" in help.signatures[0].label and help.signatures[0].parameters


async def test_who_links_to_whom(client):
    here = t.CallHierarchyPrepareParams(document(client), at(client, "node |spine"))
    [item] = await client.text_document_prepare_call_hierarchy_async(here)
    to = await client.call_hierarchy_outgoing_calls_async(t.CallHierarchyOutgoingCallsParams(item)) or []
    by = await client.call_hierarchy_incoming_calls_async(t.CallHierarchyIncomingCallsParams(item)) or []
    names = {call.to.name for call in to} | {call.from_.name for call in by}
    assert any(name.startswith("leaf") for name in names), names


async def test_devices_by_what_they_extend(client):
    here = t.TypeHierarchyPrepareParams(document(client, "devices.wtop"), at(client, "device |edge", "devices.wtop"))
    [item] = await client.text_document_prepare_type_hierarchy_async(here)
    above = await client.type_hierarchy_supertypes_async(t.TypeHierarchySupertypesParams(item))
    assert [item.name for item in above] == ["debian"]
    below = await client.type_hierarchy_subtypes_async(t.TypeHierarchySubtypesParams(above[0]))
    assert "edge" in {item.name for item in below}


async def test_the_picture_and_its_patches(client):
    first = await client.protocol.send_request_async("wtop/graph", {"textDocument": {"uri": uri(client)}})
    assert not first.stale and "spine" in dir(first.picture.nodes)
    change(client, "node host: debian", "node other: debian\nnode host: debian")
    params = {"textDocument": {"uri": uri(client)}, "since": first.revision}
    second = await client.protocol.send_request_async("wtop/graph", params)
    assert "other" in dir(second.patch.nodes.set) and "spine" not in dir(second.patch.nodes.set)


async def test_files_that_change_on_disk_are_seen(client):
    path = client.folder / "devices.wtop"
    client.text_document_did_close(t.DidCloseTextDocumentParams(document(client, "devices.wtop")))
    path.write_text(path.read_text().replace("memory", "memry"))
    changed = t.FileEvent(uri(client, "devices.wtop"), t.FileChangeType.Changed)
    client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams([changed]))
    await told(client, "devices.wtop", lambda found: any("memry" in it.message for it in found))
