import { findPhrases } from "./phrases.ts";

/** Planned steps that the final answer itself carries out. */
export const findReporting = findPhrases({
  en: "report* | present* | tell | answer* | summarize* | summarise* | reply | respond* | explain* | write up | propose* | inform* | name the | show | return the | conclude*",
  de: "berichte* | antworte* | präsentier* | zusammenfass* | fasse | erkläre* | nenne* | vorschlagen | melde*",
  fr: "présenter | répondre | résumer | expliquer | proposer | rapporter",
  es: "presentar | responder | resumir | explicar | proponer | informar",
  it: "presentare | rispondere | riassumere | spiegare | proporre",
  pt: "apresentar | responder | resumir | explicar | propor",
  nl: "presenteren | antwoorden | samenvatten | uitleggen | melden",
  pl: "przedstawić | odpowiedzieć | podsumować",
  ru: "ответить | сообщить | представить | объяснить",
  tr: "yanıtla* | özetle* | sun*",
  ar: "تقديم | الرد | تلخيص | شرح",
  ja: "報告 | 回答 | 提示 | 説明 | まとめ",
  zh: "报告 | 回答 | 总结 | 说明 | 告知",
  ko: "보고 | 답변 | 요약 | 설명",
});
