"""The words of the page on which people end the texts of a shop."""

from collections.abc import Mapping

from sidecar.catalog.languages import nearest_locale

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "ask": "No more texts from {shop}?",
        "all": "Stop all texts",
        "advertising": "Stop advertising only",
        "done_all": "Done. You will get no more texts from {shop}.",
        "done_advertising": "Done. You will get no more advertising from {shop}.",
        "unknown": "This link does not work.",
        "unknown_note": "Part of it may be missing: open it from the text once more.",
    },
    "pt_BR": {
        "ask": "Parar as mensagens de {shop}?",
        "all": "Parar todas as mensagens",
        "advertising": "Parar só a publicidade",
        "done_all": "Pronto. Você não vai mais receber mensagens de {shop}.",
        "done_advertising": "Pronto. Você não vai mais receber publicidade de {shop}.",
        "unknown": "Este link não funciona.",
        "unknown_note": "Pode faltar uma parte: abra-o de novo a partir da mensagem.",
    },
    "es": {
        "ask": "¿No recibir más mensajes de {shop}?",
        "all": "No recibir más mensajes",
        "advertising": "Solo dejar la publicidad",
        "done_all": "Listo. No recibirá más mensajes de {shop}.",
        "done_advertising": "Listo. No recibirá más publicidad de {shop}.",
        "unknown": "Este enlace no funciona.",
        "unknown_note": "Puede faltar una parte: ábralo otra vez desde el mensaje.",
    },
    "fr": {
        "ask": "Ne plus recevoir de messages de {shop} ?",
        "all": "Arrêter tous les messages",
        "advertising": "Arrêter seulement la publicité",
        "done_all": "C’est fait. Vous ne recevrez plus de messages de {shop}.",
        "done_advertising": "C’est fait. Vous ne recevrez plus de publicité de {shop}.",
        "unknown": "Ce lien ne fonctionne pas.",
        "unknown_note": "Il en manque peut-être une partie : ouvrez-le encore depuis le message.",
    },
    "zh_CN": {
        "ask": "不再接收{shop}的短信？",
        "all": "停止所有短信",
        "advertising": "只停止广告",
        "done_all": "已完成。您不会再收到{shop}的短信。",
        "done_advertising": "已完成。您不会再收到{shop}的广告。",
        "unknown": "此链接无效。",
        "unknown_note": "链接可能不完整，请从短信中重新打开。",
    },
    "zh_TW": {
        "ask": "不再接收{shop}的簡訊？",
        "all": "停止所有簡訊",
        "advertising": "只停止廣告",
        "done_all": "已完成。您不會再收到{shop}的簡訊。",
        "done_advertising": "已完成。您不會再收到{shop}的廣告。",
        "unknown": "此連結無效。",
        "unknown_note": "連結可能不完整，請從簡訊中重新開啟。",
    },
}


def words(locale: str, shop: str) -> dict[str, str]:
    return {name: text.replace("{shop}", shop) for name, text in _WORDS[nearest_locale(locale)].items()}
