import { findPhrases } from "./phrases.ts";

/** Phrases for handing the task over to a person, which a user may ask for or an agent may do instead of the task. */
export const findHandover = findPhrases({
  en: `
    live agent | real person | human being | a human | to a person | with a person | speak to someone |
    talk to someone | representative | supervisor | customer service | customer support | support team |
    contact support | transferred to | transferring you | transfer you | escalate* | escalating |
    hand you over | a colleague | human agent* | to human | human operator | human support`,
  de: `
    mitarbeiter* | kundendienst | kundenservice | echten menschen | einem menschen | weitergeleitet |
    weiterleiten | verbinde sie | kolleg* | vorgesetzt*`,
  fr: `
    un agent humain | un conseiller | service client | une vraie personne | vous transférer | transférer |
    un collègue | superviseur`,
  es: `
    agente humano | un humano | servicio al cliente | atención al cliente | transferirle | transferir |
    un compañero | supervisor`,
  it: "operatore umano | un operatore | servizio clienti | trasferirla | un collega",
  pt: "atendente humano | atendimento ao cliente | transferir | um colega | supervisor",
  nl: "een medewerker | klantenservice | een collega | doorverbinden | een mens",
  pl: "konsultant* | obsługa klienta | obsługi klienta | przekazać | przełożon*",
  ru: "оператор* | живым человеком | служба поддержки | службу поддержки | коллег* | переведу",
  tr: "müşteri hizmetleri | temsilci* | gerçek bir insan | yönlendir*",
  ar: "موظف | خدمة العملاء | شخص حقيقي | تحويلك",
  hi: "ग्राहक सेवा | किसी व्यक्ति",
  ja: "担当者 | オペレーター | 人間の | カスタマーサポート | お繋ぎ | おつなぎ",
  zh: "人工客服 | 转接 | 真人 | 客服人员 | 主管",
  ko: "상담원 | 고객센터 | 담당자 | 연결해",
});
