"""The YAML that takes a proposal up, and where in the editor's files it goes.

Changes no file; whoever reads the lines pastes them, and the files still read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.config.records import find
from monitor.config.watchlist_files import WATCHLISTS_DIR, Places
from monitor.config.yaml_reader import Node, YamlFile
from monitor.matching import offices
from monitor.matching.draft.slugs import free_id, scalar
from monitor.matching.name_runs import all_vietnamese
from monitor.matching.suggest.proposals import Proposal
from monitor.types import Event, Leader, Watch, WatchId, Watchlist

NEW_FILE = "de-xuat.yaml"


@dataclass(frozen=True, slots=True)
class Paste:
    """A text that goes into a file before the character at line and column (from 1)."""

    file: str
    line: int
    column: int
    text: str


class PasteWriter:
    """Writes entries in the way of the files that are there."""

    def __init__(self, watchlist: Watchlist, places: Places, config_dir: Path) -> None:
        self._watchlist = watchlist
        self._named = watchlist.named()
        self._places = places
        self._new_file = (config_dir / WATCHLISTS_DIR / NEW_FILE).as_posix()
        self._ids = {str(watch.id) for watch in watchlist.watches}

    def pastes(self, proposal: Proposal) -> list[Paste]:
        """The texts that take a proposal up, each for one place; together the files still read."""
        match proposal.kind:
            case "spelling":
                assert proposal.leader is not None
                return [self._append(proposal.leader, "aliases", proposal.name)]
            case "holder":
                assert proposal.leader is not None
                pastes = self._ended(proposal)
                office = f"{{title: {scalar(proposal.office)}, since: {proposal.first}}}"
                if proposal.known is not None:
                    return [*pastes, self._append(proposal.known, "offices", office, ready=True)]
                return [*pastes, self._entry(self._leader(proposal, office), near=self._named[proposal.leader])]
            case "name":
                if proposal.nature == "person":
                    office = f"{{title: {scalar(proposal.office)}}}" if proposal.office else ""
                    return [self._entry(self._leader(proposal, office), near=self._fellow(proposal))]
                query = " OR ".join(f'="{each}"' for each in (proposal.name, *proposal.aliases))
                query = query.replace("'", "''")
                name = proposal.name
                lines = [f"id: {self._id(name)}", f"name: {scalar(name)}", f"match: ['{query}']"]
                return [self._entry(lines, near=self._first(Event), key="events")]

    def _leader(self, proposal: Proposal, office: str) -> list[str]:
        lines = [f"id: {self._id(proposal.name)}", f"name: {scalar(proposal.name)}"]
        if office and _is_ours(proposal.name):
            lines.append("common: true")  # most who bear a Vietnamese name are somebody else
        if proposal.aliases:
            lines.append(f"aliases: [{', '.join(map(scalar, proposal.aliases))}]")
        if office:
            lines += ["offices:", f"  - {office}"]
        return lines

    def _ended(self, proposal: Proposal) -> list[Paste]:
        """`until:` for the office that somebody else holds now, unless it has an end already."""
        assert proposal.leader is not None
        assert proposal.office_index is not None
        leader = self._named[proposal.leader]
        assert isinstance(leader, Leader)
        office = leader.offices[proposal.office_index]
        if office.until is not None or (office.since is not None and office.since >= proposal.first):
            return []
        file, entry = self._places.entries[leader.id]
        node = find(entry, ("offices", proposal.office_index))
        assert node is not None
        assert isinstance(node.value, dict)
        title = node.value["title"]
        until = f"until: {proposal.first}"
        if file.text[node.start] == "{":
            return [self._at(file, title.key_start, f"{until}, ")]
        return [self._at(file, title.key_start, f"{until}\n{self._indent(file, title.key_start)}")]

    def _append(self, watch_id: WatchId, key: str, value: str, *, ready: bool = False) -> Paste:
        """A value more in a list of a watch, as the first of it."""
        file, entry = self._places.entries[watch_id]
        written = value if ready else scalar(value)
        assert isinstance(entry.value, dict)
        node = entry.value.get(key)
        if node is None or not isinstance(node.value, list) or not node.value:
            name = entry.value["name"]
            inline = file.text[entry.start] == "{"
            after = ", " if inline else f"\n{self._indent(file, name.key_start)}"
            return self._at(file, name.key_start, f"{key}: [{written}]{after}")
        if file.text[node.start] == "[":
            return self._at(file, node.value[0].start, f"{written}, ")
        first = node.start  # of a block list: its first dash
        return self._at(file, first, f"- {written}\n{self._indent(file, first)}")

    def _entry(self, lines: Sequence[str], *, near: Watch | None, key: str = "leaders") -> Paste:
        """A watch more, before that of `near`; without one a file of its own."""
        if near is None or near.id not in self._places.entries:
            body = "\n".join([f"{key}:", f"  - {lines[0]}", *(f"    {line}" for line in lines[1:])])
            return Paste(self._new_file, 1, 1, body + "\n")
        file, entry = self._places.entries[near.id]
        dash = _dash(file, entry)
        if dash is None:
            return self._at(file, entry.start, "{" + ", ".join(_inline(lines)) + "}, ")
        indent = self._indent(file, dash)
        body = "\n".join([f"- {lines[0]}", *(f"{indent}  {line}" for line in lines[1:])])
        return self._at(file, dash, f"{body}\n{indent}")

    def _fellow(self, proposal: Proposal) -> Watch | None:
        """The first leader of the file where such a person belongs: ours by the shape of the name."""
        ours = _is_ours(proposal.name)
        for watch in self._watchlist.watches:
            if isinstance(watch, Leader) and (_holds_our_office(watch) if ours else _holds_only_foreign_offices(watch)):
                return watch
        return self._first(Leader)

    def _first(self, kind: type[Leader] | type[Event]) -> Watch | None:
        return next((watch for watch in self._watchlist.watches if isinstance(watch, kind)), None)

    def _id(self, name: str) -> str:
        """An id that nobody has yet, not in this run either."""
        chosen = free_id(name, self._ids)
        self._ids.add(chosen)
        return chosen

    @staticmethod
    def _at(file: YamlFile, index: int, text: str) -> Paste:
        line, column = file.place(index)
        indent = file.text[index - column + 1 : index]
        if indent.strip() == "" and text.endswith(f"\n{indent}"):
            # whole lines before a whole line: easier to see and to paste with their indentation
            return Paste(file.name, line, 1, indent + text.removesuffix(indent))
        return Paste(file.name, line, column, text)

    @staticmethod
    def _indent(file: YamlFile, index: int) -> str:
        return " " * (file.place(index)[1] - 1)


def _is_ours(name: str) -> bool:
    return all_vietnamese(name) and "-" not in name


def _office_keys(leader: Leader) -> list[offices.OfficeKey]:
    return [office_key for office in leader.offices if (office_key := offices.office_key(office.title))]


def _holds_our_office(leader: Leader) -> bool:
    return any(not key.state and key.title in offices.OF_VIETNAM for key in _office_keys(leader))


def _holds_only_foreign_offices(leader: Leader) -> bool:
    return not _holds_our_office(leader) and any(key.state for key in _office_keys(leader))


def _inline(lines: Sequence[str]) -> list[str]:
    """The lines of an entry as they stand inside { }: a list of one office goes behind its key."""
    inner = next((line.removeprefix("  - ") for line in lines if line.startswith("  - ")), "")
    flat = [line for line in lines if not line.startswith("  - ")]
    return [f"offices: [{inner}]" if line == "offices:" else line for line in flat]


def _dash(file: YamlFile, entry: Node) -> int | None:
    """Where the dash of an entry stands, None for an entry inside [ ]."""
    before = file.text[: entry.start].rstrip()
    return len(before) - 1 if before.endswith("-") else None
