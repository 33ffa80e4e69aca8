"""Columns in each unit that a client can ask for, on lines with letters of two, three and four bytes and both line ends.
The server counts in what was agreed; each place is checked against the text itself."""

import pytest
import pytest_lsp
from lsprotocol import types as t
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from test_features import WTOP, applied, document, make_client, open_file, told, units

LINES = [
    "topology t",
    'node a: debian { notes = "é日😀", memry = 1GiB }  // 😀',
    'node b: debian { notes = "日😀 ${a.name}", cpu = 2 }',
    'node   c: debian { notes = "😀" }  // é',
    "link a:eth1 <-> b",
    "link b <-> c",
    "",
]


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[WTOP, "lsp"], client_factory=make_client),
    params=[(unit, end) for unit in ["utf-8", "utf-16"] for end in ["\n", "\r\n"]],
    ids=lambda param: f"{param[0]}-{len(param[1])}",
)
async def client(request, lsp_client: LanguageClient, tmp_path):
    """A session with one file, in units and with line ends of its own."""
    unit, end = request.param
    capabilities = client_capabilities("visual-studio-code")
    capabilities.general.position_encodings = [unit]
    lsp_client.folder, lsp_client.text = tmp_path, end.join(LINES)
    parameters = t.InitializeParams(capabilities=capabilities, root_uri=tmp_path.as_uri())
    lsp_client.can = (await lsp_client.initialize_session(parameters)).capabilities
    assert (lsp_client.can.position_encoding or "utf-16") == unit
    open_file(lsp_client, "lab.wtop", lsp_client.text)
    yield
    await lsp_client.shutdown_session()


def place(client, line, word):
    """The range of a word in a line."""
    text = LINES[line]
    start = text.index(word)
    before, last = units(client, text[:start]), units(client, text[: start + len(word)])
    return t.Range(t.Position(line, before), t.Position(line, last))


def change(client, range, text):
    versioned = t.VersionedTextDocumentIdentifier(uri=document(client).uri, version=2)
    edit = t.TextDocumentContentChangePartial(range=range, text=text)
    client.text_document_did_change(t.DidChangeTextDocumentParams(versioned, [edit]))


async def test_mistakes_and_edits(client):
    found = await told(client, "lab.wtop", lambda found: len(found) > 0)
    assert [item.range for item in found] == [place(client, 1, "memry")]
    change(client, place(client, 1, "memry"), "memory")
    await told(client, "lab.wtop", lambda found: not found)


async def test_what_stands_behind_wide_letters(client):
    used = place(client, 2, "a.name")
    hover = await client.text_document_hover_async(t.HoverParams(document(client), place(client, 2, "cpu").start))
    assert hover.range == place(client, 2, "cpu")
    answer = await client.text_document_definition_async(t.DefinitionParams(document(client), used.start))
    answer = answer[0] if isinstance(answer, list) else answer
    declared = getattr(answer, "range", None) or answer.target_selection_range
    assert declared == t.Range(t.Position(1, 5), t.Position(1, 6))
    with_declaration = t.ReferenceContext(include_declaration=True)
    places = await client.text_document_references_async(
        t.ReferenceParams(context=with_declaration, text_document=document(client), position=used.start)
    )
    assert used.start in [found.range.start for found in places]
    parameters = t.CompletionParams(document(client), place(client, 2, "cpu").end)
    items = await client.text_document_completion_async(parameters)
    cpu = next(item for item in items.items if item.label == "cpu")
    assert cpu.text_edit.range == place(client, 2, "cpu")


async def test_lengths_of_tokens(client):
    data = (await client.text_document_semantic_tokens_full_async(t.SemanticTokensParams(document(client)))).data
    line, column, seen = 0, 0, []
    for lines, columns, length in zip(data[0::5], data[1::5], data[2::5]):
        line, column = line + lines, columns if lines else column + columns
        seen.append((line, column, length))
    for wanted in [place(client, 2, "name"), place(client, 2, "cpu")]:
        assert (wanted.start.line, wanted.start.character, wanted.end.character - wanted.start.character) in seen


async def test_formatting(client):
    options = t.FormattingOptions(tab_size=2, insert_spaces=True)
    edits = await client.text_document_formatting_async(t.DocumentFormattingParams(document(client), options))
    assert applied(client, client.text, edits) == client.text.replace("node   c", "node c")
