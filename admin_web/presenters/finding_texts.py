"""The Dutch sentences for what the check of a configuration says, by the English ones.

`{}` stands for a name or a piece that is told in Dutch too where the table knows it, `{=}` for what is told as it is.
The first line that fits counts.
`tests/web/test_findings.py` holds the table against every finding that the check is known to make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from admin_web.presenters.configuration import DAYS, FIELDS, field_name

GAPS = ("{}", "{=}")
KINDS: Sequence[tuple[str, str]] = (("a whole number", "een geheel getal"), ("a number", "een getal"))
PIECES: Sequence[tuple[str, str]] = (
    ("`{}` of the site", "{0} van de configuratie"),
    ("the ring group of {}", "de belgroep van {0}"),
    ("`{}` of {}", "{0} van {1}"),
    ("a dialled number", "een gebeld nummer"),
    ("a number in {}", "een nummer in {0}"),
    ("a day in {}", "een dag in {0}"),
    ("the level of {} for {}", "het niveau van {0} voor {1}"),
    ("the priority of {}", "de prioriteit van {0}"),
    ("key {} in {}", "toets {0} in {1}"),
    ("the flow of {}", "de route van {0}"),
    ("the menu of flow {}", "het keuzemenu van route {0}"),
    ("the voicemail of flow {}", "de voicemail van route {0}"),
    ("the transfer in flow {}", "het doorverbinden in route {0}"),
    ("`{}` in flow {}", "{0} in route {1}"),
    ("a step of flow {}", "een stap van route {0}"),
    ("phone book entry {}", "telefoonboekregel {0}"),
    ("list of callers {}", "bellerlijst {0}"),
    ("traffic class {}", "verkeersklasse {0}"),
    ("timetable {}", "tijdschema {0}"),
    ("voicebot {}", "voicebot {0}"),
    ("number {}", "nummer {0}"),
    ("queue {}", "wachtrij {0}"),
    ("flow {}", "route {0}"),
    ("user {}", "gebruiker {0}"),
    ("the name of a list of callers", "de naam van een bellerlijst"),
    ("the name of a timetable", "de naam van een tijdschema"),
    ("the name of a voicebot", "de naam van een voicebot"),
    ("the name of a queue", "de naam van een wachtrij"),
    ("the name of a flow", "de naam van een route"),
    ("a phone book entry", "een telefoonboekregel"),
    ("a traffic class", "een verkeersklasse"),
    ("a user name", "een gebruikersnaam"),
    ("a break reason", "een pauzereden"),
    ("a topic", "een onderwerp"),
    ("the site", "de configuratie"),
    ("a mapping", "een groep instellingen"),
    ("a list", "een lijst"),
    ("nothing", "leeg"),
    ("a whole number", "een geheel getal"),
    ("a number", "een getal"),
    ("true or false", "ja of nee"),
    ("a date", "een datum"),
    ("traffic class", "verkeersklasse"),
    ("break reason", "pauzereden"),
    ("topic", "onderwerp"),
    ("queue", "wachtrij"),
    ("flow", "route"),
    ("prompt", "meldtekst"),
    ("user", "gebruiker"),
    ("timetable", "tijdschema"),
    ("language", "taal"),
    ("announcement", "tekst bij het wachten"),
    ("a caller whom nobody answers", "een beller die geen gehoor krijgt"),
    ("a caller who cannot be called back", "een beller die niet kan worden teruggebeld"),
    ("a caller for whom it names no flow", "een beller voor wie geen route is genoemd"),
    ("each caller who gets here", "elke beller die hier komt"),
)
PROBLEMS: Sequence[tuple[str, str]] = (
    ("there are traffic classes, and none for users without one", "er is geen standaardverkeersklasse gekozen"),
    ("{} names {}, which may always be dialled", "{0} noemt {1}, en dat mag altijd worden gebeld"),
    ("{}: `{=}` is no number and no kind of number", "{0}: `{1}` is geen nummer en geen soort nummer"),
    ("the number {} of user {} leads to {} already", "het nummer {0} van gebruiker {1} hoort al bij {2}"),
    ("user {} has the same device as {}", "gebruiker {0} heeft hetzelfde toestel als {1}"),
    ("{} is an agent and lacks `device`", "{0} is medewerker en heeft geen toestel"),
    ("{} serves queues and lacks `device`", "{0} bedient wachtrijen en heeft geen toestel"),
    ("{}: there is no role `{=}`", "{0}: de rol `{1}` bestaat niet"),
    ("{}: there is no strategy `{=}`", "{0}: de verdeling `{1}` bestaat niet"),
    ("there is no {} `{=}`", "er is geen {0} `{1}`"),
    ("{}: `{=}` is no SIP address or phone number", "{0}: `{1}` is geen SIP-adres of telefoonnummer"),
    ("{}: `{=}` is no SIP address", "{0}: `{1}` is geen SIP-adres"),
    ("{}: `{=}` is not the beginning of a number", "{0}: `{1}` is niet het begin van een nummer"),
    ("`{=}` is no phone number of a caller", "`{0}` is geen telefoonnummer van een beller"),
    ("{}: `{=}` is no phone number", "{0}: `{1}` is geen telefoonnummer"),
    ("`{=}` is no range of phone numbers", "`{0}` is geen reeks telefoonnummers"),
    ("{}: `{=}` is no name", "{0}: `{1}` kan geen naam zijn"),
    ("{} goes to the emergency number {}", "{0} leidt naar het noodnummer {1}"),
    ("{} is the emergency number {}", "{0} is het noodnummer {1}"),
    ("{} is the emergency number", "{0} is het noodnummer"),
    ("the range {} holds the emergency number {}", "in de reeks {0} zit het noodnummer {1}"),
    ("`{}` also holds the emergency number {}, which must never be turned away or queued",
     "in `{0}` zit ook het noodnummer {1}, dat nooit geweigerd of in de wacht gezet mag worden"),
    ("the range {} overlaps {} in line {}", "de reeks {0} overlapt {1} op regel {2}"),
    ("`{}` is the same number as `{}` in line {}", "`{0}` is hetzelfde nummer als `{1}` op regel {2}"),
    ("`{}` stands twice in {}, first in line {}", "`{0}` staat twee keer in {1}, het eerst op regel {2}"),
    ("the {} `{=}` stands twice", "{0} `{1}` staat er twee keer"),
    ("`{}` stands in the list {} too, in line {}", "`{0}` staat ook in de lijst {1}, op regel {2}"),
    ("`{}` stands twice in this list, in line {}", "`{0}` staat twee keer in deze lijst, op regel {1}"),
    ("`{}` stands {}, in line {}", "`{0}` staat er al, op regel {2}"),
    ("{} says nothing: take it out, or give a prompt", "{0} zegt niets"),
    ("{} does not say what becomes of its callers", "{0} zegt niet wat er met de bellers gebeurt"),
    ("{} blocks its callers, and says more", "{0} blokkeert de bellers, en zegt meer"),
    ("{} blocks its callers", "{0} blokkeert de bellers al"),
    ("{} names no callers", "{0} noemt geen bellers"),
    ("{} does not say where callers go", "{0} zegt niet waar bellers heen gaan"),
    ("{} has both `{}` and `{}`", "{0} heeft zowel {1} als {2}"),
    ("{}: {} has no `device` that could ring", "{0}: {1} heeft geen toestel dat kan overgaan"),
    ("{} ends before it begins: `from` is after `until`", "{0} eindigt voor het begint: vanaf ligt na tot en met"),
    ("{} has the timetable {} for `when` and for `unless`: it is never used",
     "{0} heeft het tijdschema {1} als voorwaarde en als uitzondering, en geldt dus nooit"),
    ("flow {} lets callers of queue {} be called back; that has no `call_back`",
     "route {0} laat bellers van wachtrij {1} terugbellen, en die wachtrij belt niet terug"),
    ("callers who chose {} hear these in the language of the site: {}",
     "bellers die {0} kozen, horen deze teksten in het Nederlands: {1}"),
    ("the transfer in flow {} dials {}, which is of this site: it goes out and comes back",
     "het doorverbinden in route {0} belt {1}, een eigen nummer: het gesprek gaat naar buiten en komt terug"),
    ("{} never opens", "{0} gaat nooit open"),
    ("{}: the spans overlap, or are not in order", "{0}: de tijden overlappen, of staan niet op volgorde"),
    ("{} in {} is no date", "{0} in {1} is geen datum"),
    ("prompt `{}` has no sound at {}", "de meldtekst `{0}` heeft geen geluid"),
    ("prompt {} has two recordings, {} and {}", "de meldtekst {0} heeft twee opnamen, {1} en {2}"),
    ("nobody serves queue {}", "niemand bedient wachtrij {0}"),
    ("this step of flow {} is never reached: the step before it ends the flow",
     "deze stap van route {0} wordt nooit bereikt: de stap ervoor beëindigt de route"),
    ("`{}` stands in the step of another", "`{0}` staat in de stap van een ander"),
    ("the step {} of flow {} is not complete", "de stap {0} van route {1} is niet af"),
    ("flow {} has no step called `{=}`", "route {0} heeft een onbekende stap `{1}`"),
    ("the step {} of flow {} takes nothing after it", "achter de stap {0} van route {1} hoort niets"),
    ("`{=}` is no key of a telephone", "`{0}` is geen toets van een telefoon"),
    ("no caller reaches flow {}: {}", "geen beller komt bij route {0}: er leidt niets naartoe"),
    ("no caller reaches queue {}: {}", "geen beller komt bij wachtrij {0}: er leidt niets naartoe"),
    ("nothing uses {} {}", "{0} {1} wordt nergens gebruikt"),
    ("flow {} ends here, and cuts off without a word {}",
     "route {0} houdt hier op, en verbreekt zonder iets te zeggen de verbinding met {1}"),
    ("a caller whom nobody serves comes back to queue {} for ever, last in the line: {}",
     "een beller die niemand helpt, komt steeds terug in wachtrij {0}, achteraan: {1}"),
    ("a caller whom nobody answers goes round for ever: {}", "een beller die geen gehoor krijgt, blijft rondgaan: {0}"),
    ("a caller who presses no key goes round for ever: {}", "een beller die niets kiest, blijft rondgaan: {0}"),
    ("a caller goes round for ever while these queues are closed: {}",
     "een beller blijft rondgaan zolang deze wachtrijen dicht zijn: {0}"),
    ("a caller goes round for ever{}", "een beller blijft rondgaan{0}"),
    ("YAML takes this line for a comment", "deze regel telt als toelichting"),
    ("the file {}", "het bestand kan niet worden gelezen ({0})"),
    ("the line is indented with a tab", "de regel begint met een tab"),
    ("the character {} is not allowed", "het teken {0} mag niet"),
    ("byte {} is no UTF-8", "het teken op plaats {0} is geen UTF-8"),
    ("this is no YAML{}", "dit is geen goed geschreven YAML"),
    ("{}: YAML reads `{=}` as {}", "{0}: `{1}` wordt gelezen als {2}"),
    ("{} must be text, and is {}", "{0} moet tekst zijn, en is {1}"),
    ("{} has {} before the colon", "{0} heeft {1} voor de dubbele punt"),
    ("{} has no `{=}`", "{0} kent geen {1}"),
    ("{} lacks `{}`", "bij {0} ontbreekt {1}"),
    ("{} is empty", "{0} is leeg"),
    ("{} is {}", "{0} is {1}"),
)  # fmt: skip
REMEDIES: Sequence[tuple[str, str]] = (
    ("take it out: let a message say that the caller is to dial it directly",
     "haal het weg: laat een meldtekst zeggen dat de beller het zelf moet bellen"),
    ("take it out, or put it before that step", "haal haar weg, of zet haar voor die stap"),
    ("take it out", "haal het weg"),
    ("take one of them out: a caller is treated in one way",
     "haal een van de twee weg: een beller wordt op één manier behandeld"),
    ("take one of them out, or write `enabled: false`", "haal een van de twee weg, of zet het uit"),
    ("take one of them out", "haal een van de twee weg"),
    ("take one of them away", "haal een van de twee weg"),
    ("take `{}` out: a caller who is blocked goes nowhere else",
     "haal {0} weg: een geblokkeerde beller gaat nergens anders heen"),
    ("take out the line with ---: a file holds one site",
     "haal de regel met --- weg: een bestand heeft één configuratie"),
    ("give each a number of its own", "geef elk een eigen nummer"),
    ("give each a device of their own", "geef elk een eigen toestel"),
    ("give a user `queues: {}`, or take the queue out", "geef een gebruiker deze wachtrij, of haal de wachtrij weg"),
    ("give the user a `device`, or write `to` with a number", "geef de gebruiker een toestel, of kies een nummer"),
    ("add its text to texts.yml of the prompts{}", "maak deze meldtekst eerst bij Meldteksten, of kies een andere"),
    ("add their texts to {}", "voeg deze teksten in die taal toe (technisch beheer: {0})"),
    ("make a folder for it beside prompts/nl, with texts.yml{}", "vraag technisch beheer deze taal toe te voegen"),
    ("run `make setup`, which makes the prompts", "maak de meldtekst bij Meldteksten, of vraag technisch beheer"),
    ("define it under `{}:`{}", "voeg die eerst toe, of kies een andere die er is"),
    ("put quotes round the key: {}", "zet aanhalingstekens om de toets: {0}"),
    ("put quotes round text that holds a colon{}", "zet aanhalingstekens om een tekst met een dubbele punt"),
    ("put quotes round text that starts with *", "zet aanhalingstekens om een tekst die met * begint"),
    ("put quotes round it: {}", "zet er aanhalingstekens om: {0}"),
    ("put quotes round {}", "zet aanhalingstekens om {0}"),
    ("put `- ` before it", "zet er `- ` voor"),
    ("use 1 to 40 letters, digits, - _ . and no spaces", "gebruik 1 tot 40 letters, cijfers en - _ . zonder spaties"),
    ("use spaces, two a level", "gebruik spaties, twee per niveau"),
    ("use it, or take it out", "gebruik het, of haal het weg"),
    ("lead to it with `- queue:`, or take it out", "laat een route ernaartoe leiden, of haal haar weg"),
    ("lead to it, or take it out", "laat er iets naartoe leiden, of haal haar weg"),
    ("let one of these flows end in `queue` or `close`",
     "laat een van deze routes eindigen in een wachtrij of ophangen"),
    ("let the flow after {}", "laat de route daarna eindigen met ophangen"),
    ("let each number stand in one range", "laat elk nummer in één reeks staan"),
    ("divide the range, and leave that number out", "splits de reeks, en laat dat nummer eruit"),
    ("correct one of the two days, or write `enabled: false`", "verbeter een van de twee dagen, of zet het uit"),
    ("correct this line{}", "verbeter deze regel, of de aanhalingstekens of het inspringen erboven"),
    ("move `every_seconds` into `repeat`", "zet de tijd tot de volgende tekst bij de herhaaltekst"),
    ("save {}", "bewaar het als UTF-8 zonder byte order mark"),
    ("name a{}", "kies een bestand met één configuratie (YAML)"),
    ("write what may be dialled: {}", "kies waarheen gebeld mag worden"),
    ("write where it rings: `numbers: {}", "vul ten minste één nummer in"),
    ("write where it rings: {}", "vul het toestel in: softphone, een SIP-adres of een nummer"),
    ("write who it is: {}", "vul de naam in"),
    ("write the name of the person: {}", "vul de naam in"),
    ("write what it is about: {}", "vul het onderwerp in"),
    ("write what the user is: {}", "kies een rol"),
    ("write the number or SIP address of the agent's telephone", "vul het nummer of SIP-adres van het toestel in"),
    ("write a number that your provider gave you", "vul een nummer in dat u van uw provider hebt"),
    ("write it as \"{}\", or an internal number of 2 to 6 digits",
     "schrijf het als {0}, of als intern nummer van 2 tot 6 cijfers"),
    ("write it with the country: \"{}\"", "schrijf het met het land: {0}"),
    ("write one line of text", "schrijf één regel tekst"),
    ("write `traffic_class:` with one of {}", "kies een standaard uit {0}"),
    ("write one of {}, or a number, such as \"{}\"", "kies uit {0}, of schrijf een nummer, zoals {1}"),
    ("write a number, such as \"{}\"", "schrijf een nummer, zoals {0}"),
    ("write a list: `- say: PROMPT` and then {}", "zet er stappen in, zoals een tekst en daarna ophangen"),
    ("write a list: {}", "schrijf een lijst, zoals {0}"),
    ("write a day: {}", "schrijf een dag, zoals {0}"),
    ("write a name there", "schrijf daar een naam"),
    ("write a site; {}", "kies een bestand met een configuratie"),
    ("write a step after it: {}", "zet er een stap achter: {0}"),
    ("write `serve` or `move`", "kies helpen of verplaatsen"),
    ("write the prompt{}", "kies de meldtekst die zegt welke toets wat doet"),
    ("write the flow{}", "kies de route"),
    ("write the keys{}", "voeg toetsen toe"),
    ("write true or false", "kies ja of nee"),
    ("write longer beginnings, or the numbers that are meant", "schrijf een langer begin, of de bedoelde nummers"),
    ("write keys with flows: {}", "voeg toetsen met een route toe"),
    ("write numbers with flows: {}", "voeg nummers met een route toe"),
    ("write queues with a level: {}", "kies wachtrijen met een niveau"),
    ("write flows: {}", "voeg routes toe"),
    ("write timetables: {}", "voeg tijdschema’s toe"),
    ("write users: {}", "voeg gebruikers toe"),
    ("write what happens to callers: {}", "voeg routes toe"),
    ("write what callers hear{}", "kies wat bellers horen"),
    ("write what waiting callers hear: {}", "kies wat wachtenden horen"),
    ("write what is said: {}", "kies een meldtekst"),
    ("write where it leads: {}", "kies een route"),
    ("write where it is reached: {}", "vul het adres in"),
    ("write the timetable that decides: {}", "kies een tijdschema"),
    ("write the queue{}", "kies een wachtrij"),
    ("write the numbers that callers dial: {}", "voeg nummers toe"),
    ("write the hours{}", "vul de tijden in"),
    ("write how long a caller waits at most: {}", "vul in hoeveel seconden een beller hoogstens wacht"),
    ("write how many may wait: {}", "vul in hoeveel bellers mogen wachten"),
    ("write how the site is called: {}", "geef de configuratie een naam"),
    ("write the days that are open: {}", "vul de dagen in dat het open is, met tijden als 08:30-17:00"),
    ("write the hours of that day: {}", "vul de tijden van die dag in, of kies gesloten"),
    ("write it: {}", "schrijf {0}"),
    ("write spans: {}", "schrijf tijden: {0}"),
    ("write a number (\"{}\") or an address (\"{}\")", "schrijf een nummer ({0}) of een SIP-adres ({1})"),
    ("write true or `always` (with each text), `changed`, or false", "kies nooit, altijd of bij een wijziging"),
    ("write one of 0 to 9, {}", "kies uit 0 tot en met 9, * en #"),
    ("write `always`, {}", "kies altijd, nooit, op verzoek, of een percentage"),
    ("write it with the keys {}", "schrijf de instellingen: {0}"),
    ("write `{}` in the queue", "stel bij de wachtrij terugbellen in (`{0}`)"),
    ("write {}: the whole number, from the lowest to the highest", "schrijf {0}: hele nummers, van laag naar hoog"),
    ("write {} from {} to {}, without quotes", "schrijf {0} van {1} tot en met {2}, zonder aanhalingstekens"),
    ("write {} from {} to {}", "schrijf {0} van {1} tot en met {2}"),
    ("write one of {}", "kies uit {0}"),
    ("write it as {}", "schrijf het als {0}"),
    ("write \"{}\"", "schrijf {0}"),
    ("write {}", "schrijf {0}"),
)  # fmt: skip


def problem_in_dutch(text: str) -> str | None:
    """What is wrong, in Dutch; None for what the table does not know."""
    return _told(text, PROBLEMS, _piece)


def remedy_in_dutch(text: str) -> str | None:
    """What to do instead, in Dutch; None for what the table does not know. What is to be written stays as it is."""
    return _told(text, REMEDIES, _example)


def _told(text: str, table: Sequence[tuple[str, str]], tell: Callable[[str], str]) -> str | None:
    for english, dutch in table:
        pattern, raw = _pattern(english)
        found = pattern.fullmatch(text)
        if found is not None:
            gaps = zip(found.groups(), raw, strict=True)
            return dutch.format(*(piece if is_raw else tell(piece) for piece, is_raw in gaps))
    return None


@cache
def _pattern(english: str) -> tuple[re.Pattern[str], tuple[bool, ...]]:
    """What fits the sentence, and which of its gaps hold something that is told as it is."""
    parts = re.split(r"({=?})", english)
    pattern = "".join("(.*?)" if part in GAPS else re.escape(part) for part in parts)
    return re.compile(pattern, re.DOTALL), tuple(part == "{=}" for part in parts if part in GAPS)


def _piece(text: str) -> str:
    bare = text[1:-1] if text.startswith("`") and text.endswith("`") else text
    if bare in FIELDS or bare in DAYS:
        return field_name(bare)
    told = _told(text, PIECES, _piece)
    return told if told is not None else _example(text)


def _example(text: str) -> str:
    told = _told(text, KINDS, str)
    return told if told is not None else re.sub(r"(?<=[`\"]),? or (?=[a-z`\"])", " of ", text)
