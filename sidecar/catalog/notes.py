"""What a shop reads in its own books of what its customers wrote: in the shop's own language."""

from collections.abc import Mapping

from sidecar.catalog.languages import nearest_locale

_NOTES: Mapping[str, Mapping[str, str]] = {
    "reply": {
        "en": "The customer replied: “{text}”",
        "pt_BR": "O cliente respondeu: “{text}”",
        "es": "El cliente respondió: «{text}»",
        "fr": "Le client a répondu : « {text} »",
        "zh_CN": "客户回复：“{text}”",
        "zh_TW": "顧客回覆：「{text}」",
    },
    "order_confirmed": {
        "en": "The customer confirmed the order by text: “{text}”",
        "pt_BR": "O cliente confirmou o pedido por mensagem: “{text}”",
        "es": "El cliente confirmó el pedido por mensaje: «{text}»",
        "fr": "Le client a confirmé la commande par message : « {text} »",
        "zh_CN": "客户通过短信确认了订单：“{text}”",
        "zh_TW": "顧客以簡訊確認了訂單：「{text}」",
    },
    "order_cancelled": {
        "en": "The customer wants to cancel the order and said so by text: “{text}”",
        "pt_BR": "O cliente quer cancelar o pedido e avisou por mensagem: “{text}”",
        "es": "El cliente quiere cancelar el pedido y lo avisó por mensaje: «{text}»",
        "fr": "Le client veut annuler la commande et l’a dit par message : « {text} »",
        "zh_CN": "客户通过短信表示要取消订单：“{text}”",
        "zh_TW": "顧客以簡訊表示要取消訂單：「{text}」",
    },
    "opt_out": {
        "en": "The customer wrote “{text}” and gets no more texts. If this was about the order, please ask by e-mail.",
        "pt_BR": "O cliente escreveu “{text}” e não recebe mais mensagens. Se era sobre o pedido, confirme por e-mail.",
        "es": "El cliente escribió «{text}» y no recibe más mensajes. Si era por el pedido, pregúntele por correo.",
        "fr": "Le client a écrit « {text} » et ne reçoit plus de messages. Si c’était pour la commande, écrivez-lui.",
        "zh_CN": "客户回复了“{text}”，不再接收短信。如果是关于订单，请用电子邮件询问。",
        "zh_TW": "顧客回覆了「{text}」，不再接收簡訊。若是關於訂單，請以電子郵件詢問。",
    },
}


def note(kind: str, locale: str, text: str) -> str:
    """Raises `KeyError` for a kind there is no note for."""
    return _NOTES[kind][nearest_locale(locale)].replace("{text}", text)
