"""Find people's names that are not written in Latin letters.

In a message in Latin letters, one to three words in another script are a name, unless they name a disease. In a message
in another script, a name is recognised by the words that introduce it ("меня зовут", "اسمي", "我叫") or by a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.records import Span

_CYRILLIC, _GREEK = "\u0400-\u052f", "\u0370-\u03ff\u1f00-\u1fff"
_HEBREW, _ARABIC = "\u05d0-\u05ea\u05f0-\u05f2", "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f"
_INDIC, _THAI = "\u0900-\u0963\u0970-\u0d7f", "\u0e01-\u0e4e"
_HAN, _KANA, _HANGUL = "\u3400-\u4dbf\u4e00-\u9fff", "\u3041-\u309f\u30a1-\u30ff", "\uac00-\ud7a3"
_REST = "\u0531-\u058f\u10a0-\u10ff\u1200-\u137f"
_OTHER = f"{_CYRILLIC}{_GREEK}{_HEBREW}{_ARABIC}{_INDIC}{_THAI}{_HAN}{_KANA}{_HANGUL}{_REST}"
_RUN = re.compile(rf"[{_OTHER}]++(?:[ ’'\u00b7-][{_OTHER}]++)*+")
_ONE = re.compile(rf"[{_OTHER}]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_CASED = re.compile(rf"[{_CYRILLIC}{_GREEK}\u0531-\u0587]")
# One or two Greek letters stand for a quantity.
_QUANTITY = re.compile(rf"[{_GREEK}]{{1,2}}")
# More than three words, or more than eight characters in scripts without spaces, are more than a name.
_MOST_WORDS, _MOST_SIGNS = 3, 8
_PLACE_BEFORE = re.compile(r"\b(?:in|near|around|outside|visiting|moved to|live at) $", re.I)
# The name of a disease or of its treatment, whatever else it contains.
_MEDICAL = re.compile(
    "синдром|болезн|хвороб|мутаци|генн|σύνδρομο|νόσο|متلازمة|مرض|داء|سندرم|بیماری|תסמונת|מחלת|סינדרום|सिंड्रोम|रोग|बीमारी"
    "|โรค|กลุ่มอาการ|[症征病癌]|综合|綜合|基因|遗传|遺傳|治[疗療]|疗法|증후군|유전|질환|치료"
)
_CAPITAL = r"[А-ЯЁІЇЄҐ][а-яёіїєґ’'-]{1,20}+"
_CYRILLIC_CUES = (
    r"(?:\b(?i:зовут|звати|звать|имя|ім['’]я|назвали)(?:[ :—-]++(?i:его|её|ее|мою|моего|моей|сына|дочери|доньки|сина))?"
    r"[ :—-]++|\b(?i:доч\w{1,4}|сын\w{0,3}|сестр\w{1,2}|брат\w{0,2}|внуч\w{1,3}|внук\w{0,2}|муж\w{0,2}|жен[аыуе]"
    r"|донь\w{1,3}|син\w{0,3}|девочк\w|мальчик\w?|мам[аыуе]|пап[аыуе])[, :—-]{1,3}|\bЯ[, —-]{1,3})"
)
_GREEK_CAPITAL = r"[Α-ΩΆΈΉΊΌΎΏ][α-ωάέήίόύώϊϋΐΰς]{1,20}+"
_ARTICLE = "(?:τον |την |ο |η )?"
_GREEK_CUES = (
    r"\b(?:λένε|λέγεται|λέγομαι|ονομάζεται|ονομάζομαι|όνομ\w{1,3}(?: μου| της| του)?(?: είναι)?"
    rf"|(?:κόρη|κόρης|γιο|γιος|γιός|γιου|παιδί|παιδιού|σύζυγ\w{{1,3}}|αδερφ\w{{1,2}})(?: μου)?),? {_ARTICLE}"
)
_ARABIC_NAMES = (
    "محمد|أحمد|احمد|علي|عمر|حسن|حسين|فاطمة|فاطمه|عائشة|زينب|مريم|يوسف|إبراهيم|ابراهيم|خالد|نور|سارة|ليلى|عبدالله"
    "|عبد الله|عبد الرحمن|ياسين|آدم|هدى|أمينة|خديجة|سلمى|رنا|دينا|هبة|منى|كريم|سامي|طارق|حمزة|بلال|سعيد|مصطفى"
    "|محمود|رضا|زهرا|زهراء|مهدی"
)
_ARABIC_SURE = "محمد|أحمد|فاطمة|عائشة|زينب|خديجة|يوسف|إبراهيم|مصطفى|محمود|حسين"
_ARABIC_CUES = "اسمي|إسمي|اسمه|اسمها|اسم ابني|اسم ابنتي|اسم بنتي|اسم طفلي|اسم طفلتي|تدعى|يدعى|أدعى|اسم من"
_ARABIC_KIN = "ابني|ابنتي|بنتي|طفلي|طفلتي|زوجي|زوجتي|أخي|أختي|دخترم|پسرم|أنا|أم|أبو"
_HEBREW_NAMES = "נועה|דנה|יעל|תמר|שירה|מאיה|איתן|יוסף|דוד|משה|אורי|רבקה|שרה|רחל|אבי|יונתן|דניאל|מיכל|רותם|עידו|נועם"
_HINDI_NAMES = "प्रिया|राहुल|अनन्या|आरव|राज|नेहा|पूजा|अमित|संजय|दीपक|सुनीता|लक्ष्मी|आर्यन|कविता|रोहन|रिया|मीरा|अंजलि|विकास"
_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖蕭田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧"
    "姚沈钟鐘姜崔谭譚陆陸范汪廖石金韦韋贾賈夏傅方邹鄒熊白孟秦邱侯江尹薛闫閻雷龙龍黎史陶贺賀毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向汤湯"
)
_HAN_CUES = "(?:叫做?|名字是|我是|姓名[：:]|女儿|女兒|儿子|兒子|孩子|宝宝|寶寶|丈夫|妻子)"
_HAN_AFTER = "(?=[，,。.！!？?、；;\\s今有得患的是在不会會和从從昨出被也已刚剛才只就能可想要怎为為岁歲]|$)"
_KOREAN_NAMES = (
    "민지|서연|지우|하준|서준|민준|지민|수빈|지훈|유진|예은|하은|지호|도윤|서윤|수아|민서|예준|영희|철수|은지|현우"
)
# Words that often stand beside a Latin name, such as that of a gene, to ask about it.
_NOBODY = re.compile(
    "что|как|почему|где|когда|кто|есть|ли|можно|какой|какая|какие|это|мой|моя|моего|моей|наш|наша|у|если|при|для|про"
    "|помогите|здравствуйте|привет|спасибо|що|чому|де|коли|τι|πώς|γιατί|πού|πότε|είναι|ما|هو|هي|هل|كيف|لماذا|متى|من"
    "|في|عن|مع|علاج|چیست|מה|זה|איך|למה|מתי|האם|של|על|את|הוא|היא|क्या|है|कैसे|क्यों|का|की|के|में|और",
    re.IGNORECASE,
)
_ENDS_A_QUESTION = re.compile(
    r"(?:[はがをのとか]|です|ます|って|について|とは|요|까|니다|무엇|이란|에서|에게|คืออะไร|อะไร|ไหม|คือ)$"
)
_TITLED = "母|父|医者|患者|看護師|兄|姉|奥|皆|先生|赤|子供|娘|息子|家族|孫|婆|爺"
_BROUGHT = tuple(
    map(
        re.compile,
        (
            rf"{_CYRILLIC_CUES}(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,2}}+)",
            rf"{_GREEK_CUES}(?P<name>{_GREEK_CAPITAL}(?: {_GREEK_CAPITAL})?+)",
            rf"\b(?:{_ARABIC_CUES})(?: هو| هي)? (?P<name>[{_ARABIC}]{{2,15}}+)",
            rf"\b(?:{_ARABIC_KIN})[ ،]{{1,2}}+(?P<name>(?:{_ARABIC_NAMES}))\b",
            rf"\b[ولب]?+(?P<name>(?:{_ARABIC_SURE}))\b",
            rf"\b(?:קוראים ל\w{{1,3}}|שמי|שמה|שמו|השם של\w{{1,2}}(?: הוא)?) (?P<name>[{_HEBREW}]{{2,12}}+)",
            rf"\bו?(?:הבת שלי|הבן שלי|בתי|בני|בתנו|בננו|אני),? (?P<name>{_HEBREW_NAMES})\b",
            rf"नाम (?P<name>[{_INDIC}]{{2,20}}+(?: [{_INDIC}]{{2,20}}+)?)(?= है)",
            rf"(?:बेटी|बेटा|बेटे|पति|पत्नी|बच्ची|बच्चे) (?P<name>{_HINDI_NAMES})(?![{_INDIC}])",
            rf"{_HAN_CUES} ?(?P<name>[{_SURNAMES}][{_HAN}]{{1,2}}?){_HAN_AFTER}",
            rf"名前は ?(?P<name>[{_HAN}{_KANA}]{{1,8}}?)(?=です|と|。|、|\s|$)",
            rf"(?P<name>(?!{_TITLED})(?:[{_HAN}]{{2,4}}|[ァ-ヺー]{{2,6}}))(?=ちゃん|くん|さん)",
            rf"(?P<name>[{_HAN}{_KANA}]{{2,8}}?)(?=と申します)",
            rf"(?:이름은|이름이|저는) (?P<name>[{_HANGUL}]{{2,4}}?)(?=이에요|예요|입니다|이라고|라고|이고|[\s,.?!]|$)",
            rf"(?:딸|아들|아이|아기|남편|아내) (?P<name>{_KOREAN_NAMES})",
            rf"ชื่อ ?(?:น้อง)?(?P<name>[{_THAI}]{{2,12}}?)(?=\s|$|อายุ|เป็น|ค่ะ|ครับ)",
        ),
    )
)
_GIVEN_STEMS = re.compile(
    r"\b(?P<name>(?:Анастаси|Александр|Алексе|Анн|Антон|Арт[её]м|Богдан|Валери|Васили|Виктор|Владимир|Галин|Дар|Даш|Денис|Дмитри"
    r"|Евгени|Екатерин|Елен|Иван|Ирин|Катерин|Кат|Кирилл|Ксени|Людмил|Маргарит|Мари|Марин|Маш|Максим|Михаил|Надежд|Наталь|Наталі"
    r"|Никит|Никола|Оксан|Олег|Ольг|Павел|Павл|Полин|Роман|Светлан|Серге|Соф|Софи|Степан|Тарас|Татьян|Тетян|Юли|Юри|Андре|Андрі)"
    r"[аеиіійоуыьюяї]{0,3}+(?:м|х)?+)\b"
)
_EPONYM_BEFORE = re.compile(r"(?i:синдром\w{0,2}|болезн\w{1,3}|хвороб\w|тест\w{0,2}|шкал\w) $")


def names_in_other_scripts(text: str) -> list[Span]:
    """Return where names are that are not in Latin letters.

    :returns: spans, in order; none in a text of Latin letters alone
    """
    if text.isascii() or not _ONE.search(text):
        return []
    if len(_LATIN.findall(text)) >= len(_ONE.findall(text)):
        return [span for run in _RUN.finditer(text) for span in _alone(run)]
    return sorted({*_brought(text), *_listed(text)})


def _alone(run: re.Match[str]) -> Iterator[Span]:
    """Yield the span of a run of other letters in a Latin text if it is a name, or the spans of the names inside it."""
    words = run.group()
    before = run.string[max(0, run.start() - 20) : run.start()]
    if len(words) < 2 or _MEDICAL.search(words) or _PLACE_BEFORE.search(before):
        return
    has_capitals = _CASED.match(words) is not None
    if len(words.split()) > _MOST_WORDS or (not has_capitals and " " not in words and len(words) > _MOST_SIGNS):
        for begin, end in {*_brought(words), *_listed(words)}:
            yield run.start() + begin, run.start() + end
    elif _may_be_name(words, has_capitals=has_capitals):
        yield run.span()


def _may_be_name(words: str, *, has_capitals: bool) -> bool:
    if _QUANTITY.fullmatch(words) or any(map(_NOBODY.fullmatch, words.split())):
        return False
    if has_capitals:
        return all(word[0].isupper() for word in words.split())
    if re.fullmatch(rf"[{_HAN}]+", words):
        return words[0] in _SURNAMES and len(words) < 5
    return not _ENDS_A_QUESTION.search(words)


def _brought(text: str) -> Iterator[Span]:
    for cue in _BROUGHT:
        for found in cue.finditer(text):
            if not _MEDICAL.search(found["name"]):
                yield found.span("name")


def _listed(text: str) -> Iterator[Span]:
    for found in _GIVEN_STEMS.finditer(text):
        if not _EPONYM_BEFORE.search(text[max(0, found.start() - 20) : found.start()]):
            yield found.span("name")
