"""What the story fixes: whose figures the deeds of `story` enter, how they stand today, and who of 市工信局 has come how far."""

REPORT, MANUFACTURING, METEOROLOGY = "report-2022", "manufacturing-2025", "meteorology-2025"

# Measures whose reports the story enters by the deeds themselves, and today's light of the report's items that read them.
STORY: dict[str, str] = {
    "cloud-enterprises": "yellow",
    "old-residential-compounds": "green",
    "household-toilets-upgraded": "yellow",
    "high-standard-farmland": "green",
    "bank-new-loans": "yellow",
    "report-2022:3.6-07": "yellow",
    "report-2022:3.4-14": "red",
    "gdp-growth": "yellow",
    "resident-income-growth": "yellow",
    "report-2022:3.3-30": "red",
    "industrial-value-added-growth": "yellow",
    "report-2022:3.1-17": "yellow",
    "tourism-income-growth": "red",
    "specialised-provincial-sme": "green",
    "report-2022:3.2-08": "blue",
}
FINISHED = frozenset({"report-2022:3.2-08", "report-2022:3.3-30"})  # owe no third quarter: done, and closed
# How far the third quarter of the story's measures has come by today; those of 市工信局 stand below.
STORY_STATES = {
    "old-residential-compounds": "accepted",
    "household-toilets-upgraded": "accepted",
    "high-standard-farmland": "accepted",
    "bank-new-loans": "accepted",
    "report-2022:3.6-07": "accepted",
    "report-2022:3.4-14": "accepted",
    "gdp-growth": "accepted",  # 未到数据时点 until 24 October
    "resident-income-growth": "accepted",
    "industrial-value-added-growth": "untouched",
    "tourism-income-growth": "untouched",
}

# 新建高标准农田 is shared out: of each county what it is to build, in 万亩 (together the city's 84), and what it had built by the end of each quarter.
# 上蔡县 has not told its third one, which was due on 12 October; the bureau's 52.1 holds its 2.5 of June.
FARMLAND = "high-standard-farmland"
FARMLAND_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ycq": ("1.3", ("0", "0.3", "0.9")),
    "spx": ("7.4", ("0.3", "1.8", "5.3")),
    "xpx": ("9.2", ("0.4", "2.4", "6.4")),
    "scx": ("11.8", ("0.5", "2.5")),
    "rnx": ("9.8", ("0.5", "2.5", "7.0")),
    "pyx": ("9.6", ("0.5", "2.5", "6.6")),
    "zyx": ("12.4", ("0.6", "3.2", "9.0")),
    "qsx": ("7.0", ("0.3", "1.6", "3.9")),
    "byx": ("7.6", ("0.4", "1.7", "4.9")),
    "xcx": ("7.9", ("0.4", "2.0", "5.6")),
}
# 市工信局 asks six of its yearly figures every quarter; two of them wait for a list that the province publishes on the 24th.
QUARTERLY = {
    "specialised-provincial-sme": 0,
    "new-energy-vehicle-cluster-scale": 0,
    "green-factories-fostered": 0,
    "smart-factories-provincial-new": 24,
    "smart-workshops-provincial-new": 24,
    "key-process-nc-rate": 0,
}
BUREAU = "gxj"
BUREAU_STATES = {
    "submitted": (
        "5g-base-stations-new", "technical-upgrade-projects-in-year", "key-industrial-projects", "specialised-provincial-sme",
        "report-2022:3.1-11", "report-2022:3.1-12", "report-2022:3.3-07",
    ),
    "returned": ("report-2022:3.3-22", "key-process-nc-rate"),
    "draft": ("cloud-enterprises", "new-energy-vehicle-cluster-scale", "report-2022:3.3-08", "report-2022:3.3-09", "report-2022:3.3-25"),
    "untouched": (
        "green-factories-fostered", "smart-factories-provincial-new", "smart-workshops-provincial-new", "report-2022:3.1-45", "report-2022:3.3-05",
        "report-2022:3.3-23", "report-2022:3.3-26", "report-2022:3.3-27", "report-2022:3.6-44",
    ),
}  # fmt: skip
STATISTICS = {"cpi-rise": "accepted", "surveyed-unemployment-rate": "accepted"}  # 未到数据时点 like the product; the rest of 市统计局 is untouched
ON_TARGET = "5g-base-stations-new"  # reported exactly as the path expects
SAME_TEXT = "report-2022:3.1-12"  # reported with last quarter's text

# Yearly figures of the report that are known before the year is out, with the light that they give.
EARLY = {
    "quality-wheat-area": ("653", "2022-06-30", "green"),
    "quality-peanut-area": ("504", "2022-08-31", "green"),
    "quality-sesame-area": ("78.6", "2022-08-31", "yellow"),
    "polluted-plots-safe-use-rate": ("100", "2022-06-30", "green"),
    "polluted-farmland-safe-use-rate": ("100", "2022-06-30", "green"),
    "sme-tech-reviewed": ("372", "2022-08-31", "blue"),
}

Laid = tuple[str, str, str, int, str]  # name, English name, due, weight, done on ('' where it is not done)
STORY_STEPS: dict[str, tuple[Laid, ...]] = {
    "3.6-07": (
        ("选址", "Site chosen", "03-31", 40, "03-28"),
        ("用地", "Land secured", "08-31", 10, ""),
        ("开工", "Construction started", "12-31", 50, ""),
    ),
    "3.4-14": (
        ("签约", "Contract signed", "03-31", 20, "03-25"),
        ("开工", "Construction started", "06-30", 60, ""),
        ("主体", "Main works", "12-31", 20, ""),
    ),
    "3.3-30": tuple(
        (f"{zone}改制", f"{zone_en} reformed", "06-30", 1, done)
        for zone, zone_en, done in (
            ("经开区", "Economic Development Zone", "02-25"), ("高新区", "High-tech Zone", "03-04"), ("示范区", "Demonstration Zone", "03-11"),
            ("驿城区开发区", "Yicheng zone", "03-15"), ("遂平开发区", "Suiping zone", "03-18"), ("西平开发区", "Xiping zone", "03-23"),
            ("汝南开发区", "Runan zone", "03-30"), ("平舆开发区", "Pingyu zone", "05-20"), ("确山开发区", "Queshan zone", "06-17"),
            ("上蔡开发区", "Shangcai zone", ""), ("新蔡开发区", "Xincai zone", ""),
        )
    ),
    "3.1-17": (
        ("路基桥涵贯通", "Roadbed and bridges joined", "03-31", 24, "03-29"),
        ("路面基层完成", "Road base laid", "06-30", 25, "06-27"),
        ("路面面层完成", "Surface laid", "08-31", 17, "08-30"),
        ("交安机电安装", "Safety and electrical works", "09-30", 9, ""),
        ("交工验收", "Acceptance", "11-30", 15, ""),
        ("建成通车", "Open to traffic", "12-31", 10, ""),
    ),
    "3.2-08": (
        ("共建协议签订", "Agreement signed", "04-30", 30, "04-20"),
        ("场地装修完成", "Premises fitted out", "06-15", 30, "06-12"),
        ("揭牌", "Base opened", "12-31", 40, "06-22"),
    ),
}  # fmt: skip
SUPPORTS = {"3.6-07": "zrj"}  # 配合, assigned by the same amendment
