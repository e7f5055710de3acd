import { findPhrases } from "./phrases.ts";

/** Requests for something that the agent needs from the user. */
export const findAsking = findPhrases({
  en: `
    please provide | please send | please share | please tell | please give | please specify |
    i need your | i'll need | i will need | we need your | may i have | what is your | what's your |
    send us | provide me | provide us | tell me your | let us know your | could you provide |
    could you please provide | could you send | could you please send | could you share | could you tell |
    could you give | can you provide | can you send`,
  de: `
    bitte senden | bitte schicken | bitte nennen | bitte geben | bitte teilen | ich benötige |
    ich brauche noch | wie lautet`,
  fr: `
    veuillez | pourriez-vous | merci de nous | merci de me | j'ai besoin de votre | quel est votre |
    quelle est votre`,
  es: `
    por favor envíe | por favor, envíe | envíenos | podría | podrías | necesito su | necesito tu |
    cuál es su | cuál es tu | indíqueme | proporcione`,
  it: "per favore invia | per favore, invia | potrebbe | potresti | ho bisogno del | qual è | fornisca",
  pt: `
    por favor, envie | por favor envie | poderia | preciso do seu | preciso da sua | qual é o seu |
    informe`,
  nl: "kunt u | stuur ons | geef ons | wat is uw",
  pl: "proszę podać | proszę przesłać | czy może | jaki jest",
  ru: "пожалуйста, укажите | укажите | пришлите | сообщите | не могли бы вы | мне нужен ваш",
  tr: "lütfen gönder* | lütfen belirt* | paylaşır mısınız",
  ar: "يرجى | من فضلك أرسل",
  ja: "教えてください | お知らせください | お送りください",
  zh: "请提供 | 请告诉 | 请发送",
  ko: "알려 주세요 | 알려주세요 | 보내 주세요 | 주시겠어요",
});
