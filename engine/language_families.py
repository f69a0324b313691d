"""Language families by ISO 639 code. CLDR has none, so this table is our own.

Source: the classification of Glottolog (glottolog.org), at the level people speak of: branches of Indo-European,
Afro-Asiatic and Sino-Tibetan, whole families elsewhere. Families stand in display order.
"""

OTHER = "other"

FAMILIES = {
    "Germanic": "en de nl sv da nb nn no is fo af fy lb li nds gsw yi sco vls ksh frr wae got",
    "Romance": "fr it es pt ro ca gl oc ast an sc scn vec lij lmo pms nap fur rm wa co lad ext mwl frp lld",
    "Slavic": "ru pl cs sk uk be bg mk sr hr bs sl hsb dsb szl csb rue cu",
    "Italic": "la",
    "Baltic": "lt lv sgs ltg prg",
    "Celtic": "ga cy gd br kw gv",
    "Greek": "el grc",
    "Albanian": "sq aln",
    "Armenian": "hy hyw",
    "Iranian": "fa ps ku ckb sdh tg os lrc mzn glk bal zza",
    "Indo-Aryan": "hi ur bn pa gu mr ne si or as sd sa mai bho awa mag ks kok gom dv doi raj hne "
    "skr bpy pi bgc xnr rhg ccp trw",
    "Basque": "eu",
    "Kartvelian": "ka xmf",
    "Abkhaz-Adyge": "ab ady kbd",
    "Nakh-Daghestanian": "ce av inh lez dar lbe",
    "Uralic": "fi et hu se smn smj sms sma vep krl liv mdf myv kv koi udm chm mrj vro",
    "Turkic": "tr az azb uz kk ky tk tt ug ba cv sah crh gag kaa krc kum nog tyv alt",
    "Mongolic": "mn bua xal",
    "Tungusic": "mnc evn",
    "Semitic": "he ar arz ary apc acm aeb ars am ti mt tig gez syr arc akk",
    "Berber": "ber kab zgh shi tzm rif",
    "Cushitic": "so om aa sid byn ssy",
    "Chadic": "ha",
    "Egyptian": "cop",
    "Dravidian": "ta te kn ml tcy brh gon",
    "Sinitic": "zh yue wuu nan hak gan cdo lzh hsn",
    "Tibeto-Burman": "my bo dz mni brx lus new ii kar",
    "Japonic": "ja ryu",
    "Koreanic": "ko",
    "Tai-Kadai": "th lo shn za",
    "Austroasiatic": "vi km sat kha mnw",
    "Hmong-Mien": "hmn mww hnj",
    "Austronesian": "id ms jv su fil ceb ilo mi sm to haw ty fj mg ban min war pag pam bik bjn ace bug mad ch",
    "Bantu": "sw zu xh sn st nso tn ts ve ss nr nd rw rn lg ln ki kmb kg lua bem ny tum umb kam luy guz bas "
    "lu dua seh nyn xog kde cgg bez asa rof ksb rwk vun jmc mgh vmw ebu mer dav lag sbp ewo",
    "Atlantic-Congo": "yo ig ee ak fon wo ff fuv mos sg gaa bin efi ibb kbp dag",
    "Mande": "bm dyu men vai nqo kpe",
    "Nilotic": "luo din nus mas ach teo kln",
    "Saharan": "kr",
    "Songhay": "dje ses khq",
    "Eskimo-Aleut": "kl iu ik",
    "Uto-Aztecan": "nah nhn",
    "Mayan": "yua quc kek cak tzo",
    "Quechuan": "qu quy",
    "Aymaran": "ay",
    "Tupian": "gn",
    "Algic": "cr oj",
    "Iroquoian": "chr moh",
    "Athabaskan": "nv gwi",
    "Creole": "ht mfe rcf gcr tpi bi pap kea pcm jam srn",
    "Constructed": "eo ia ie io vo jbo tlh",
}

FAMILY_OF = {code: family for family, codes in FAMILIES.items() for code in codes.split()}
DISPLAY_ORDER = {family: place for place, family in enumerate((*FAMILIES, OTHER))}
