"""The words on paper, in every language of the house."""

from collections.abc import Mapping

LANGUAGES = ("en", "fr", "es", "zh-Hans", "zh-Hant")
_TABLE: Mapping[str, tuple[str, str, str, str, str]] = {
    "allergy": ("ALLERGY", "ALLERGIE", "ALERGIA", "过敏", "過敏"),
    "change": ("CHANGE", "MODIFICATION", "CAMBIO", "更改", "更改"),
    "void": ("VOID", "ANNULÉ", "ANULADO", "取消", "取消"),
    "reprint": ("REPRINT", "RÉIMPRESSION", "REIMPRESIÓN", "重印", "重印"),
    "duplicate": (
        "POSSIBLE DUPLICATE",
        "DOUBLON POSSIBLE",
        "POSIBLE DUPLICADO",
        "可能重复",
        "可能重複",
    ),
    "was": ("was", "était", "era", "原", "原"),
    "now": ("now", "devient", "ahora", "改为", "改為"),
    "table": ("Table", "Table", "Mesa", "桌", "桌"),
    "course": ("Course", "Service", "Tiempo", "第几道", "第幾道"),
    "seat": ("Seat", "Place", "Asiento", "座位", "座位"),
    "guests": ("Guests", "Couverts", "Comensales", "人数", "人數"),
    "take_away": ("TAKE AWAY", "À EMPORTER", "PARA LLEVAR", "外带", "外帶"),
    "eat_in": ("Eat in", "Sur place", "Aquí", "堂食", "內用"),
    "total": ("Total", "Total", "Total", "合计", "合計"),
    "subtotal": ("Subtotal", "Sous-total", "Subtotal", "小计", "小計"),
    "discount": ("Discount", "Remise", "Descuento", "折扣", "折扣"),
    "service": ("Service", "Service", "Servicio", "服务费", "服務費"),
    "cash_tips": (
        "Cash tips declared",
        "Pourboires en espèces déclarés",
        "Propinas en efectivo declaradas",
        "申报的现金小费",
        "申報的現金小費",
    ),
    "tip": ("Tip", "Pourboire", "Propina", "小费", "小費"),
    "rounding": ("Rounding", "Arrondi", "Redondeo", "舍入", "捨入"),
    "refund": ("Given back", "Remboursé", "Devuelto", "退款", "退款"),
    "including": ("incl.", "dont", "incl.", "含", "含"),
    "change_due": ("Change", "Rendu", "Cambio", "找零", "找零"),
    "due": ("Still to pay", "Reste à payer", "Por pagar", "未付", "未付"),
    "cash": ("Cash", "Espèces", "Efectivo", "现金", "現金"),
    "card": ("Card", "Carte", "Tarjeta", "刷卡", "刷卡"),
    "cheque": ("Cheque", "Chèque", "Cheque", "支票", "支票"),
    "voucher": ("Voucher", "Titre", "Vale", "代金券", "代金券"),
    "house_account": ("House account", "Compte client", "Cuenta de la casa", "挂账", "掛帳"),
    "part": ("Part", "Part", "Parte", "分单", "分單"),
    "rest": ("The rest", "Le reste", "El resto", "其余", "其餘"),
    "whole_check": ("Whole check", "Addition entière", "Cuenta entera", "整单", "整單"),
    "credit": (
        "Paid for all together",
        "Payé pour tous",
        "Pagado por todos",
        "合并已付",
        "合併已付",
    ),
    "sales": ("Sales", "Ventes", "Ventas", "销售", "銷售"),
    "receipts": ("Receipts", "Tickets", "Recibos", "小票", "收據"),
    "given_back": ("Given back", "Remboursé", "Devuelto", "退款", "退款"),
    "is_there": ("Is there", "En tout", "En total", "实有", "實有"),
    "pay_in": ("Paid in", "Apport", "Entrada", "存入", "存入"),
    "pay_out": ("Paid out", "Sortie", "Salida", "支出", "支出"),
    "drop": ("To the safe", "Au coffre", "A la caja fuerte", "入保险箱", "入保險箱"),
    "no_sale": (
        "Opened, no sale",
        "Ouvert sans vente",
        "Abierto sin venta",
        "无销售开箱",
        "無銷售開箱",
    ),
    "paid_off": ("Accounts paid off", "Comptes réglés", "Cuentas abonadas", "挂账还款", "掛帳還款"),
    "float": ("Float", "Fond de caisse", "Fondo", "备用金", "備用金"),
    "expected": ("Should be in it", "Doit contenir", "Debe haber", "应有", "應有"),
    "counted": ("Counted", "Compté", "Contado", "清点", "清點"),
    "over": ("Over", "Excédent", "Sobra", "多", "多"),
    "short": ("Short", "Manque", "Falta", "少", "少"),
    "exact": ("Right to the cent", "Juste", "Exacto", "分文不差", "分文不差"),
    "open_checks": ("Still open", "Encore ouvert", "Aún abierto", "未结", "未結"),
    "late": ("Late events", "Événements tardifs", "Hechos tardíos", "迟到记录", "遲到記錄"),
    "signature": ("Signature", "Signature", "Firma", "签名", "簽名"),
    "account": ("Account", "Compte", "Cuenta", "账户", "帳戶"),
    "owed": ("Owed", "Solde", "Saldo", "欠款", "欠款"),
    "thanks": ("Thank you", "Merci", "Gracias", "谢谢", "謝謝"),
    "copy": ("COPY", "DUPLICATA", "COPIA", "副本", "副本"),
    "time_unknown": (
        "Date and hour not confirmed",
        "Date et heure non confirmées",
        "Fecha y hora sin confirmar",
        "日期和时间未经确认",
        "日期和時間未經確認",
    ),
    "training": ("TRAINING", "FORMATION", "PRÁCTICA", "培训", "培訓"),
    "unpaid": ("NOT PAID", "NON PAYÉ", "NO PAGADO", "未付款", "未付款"),
}


def language(wanted: str) -> str:
    """Return the language of paper for a wanted one: itself, its nearest relative, else English."""
    if wanted in LANGUAGES:
        return wanted
    if wanted.startswith("zh"):
        return "zh-Hant" if wanted.endswith(("Hant", "TW", "HK", "MO")) else "zh-Hans"
    return next((known for known in LANGUAGES if known == wanted.partition("-")[0]), "en")


def word(key: str, wanted: str) -> str:
    """Return a word; a word that the table lacks is returned as it is."""
    row = _TABLE.get(key)
    return row[LANGUAGES.index(language(wanted))] if row else key


def both(key: str, languages: tuple[str, ...]) -> str:
    """Return a word in each language, once each: ``ALLERGY 过敏``."""
    return " ".join(dict.fromkeys(word(key, one) for one in languages or ("en",)))
