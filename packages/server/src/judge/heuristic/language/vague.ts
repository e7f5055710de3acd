import { findPhrases } from "./phrases.ts";

/** Words that make a plan vague. */
export const findVague = findPhrases({
  en: `
    etc | and so on | if needed | if necessary | as needed | as appropriate | somehow | something |
    stuff | things | handle it | handle everything | take care of | figure out | figure it out |
    deal with | whatever | do the rest | look around | have a look | try things | some way |
    think about it | do the task | help the user | be helpful | sort it out`,
  de: "usw | und so weiter | bei bedarf | falls nötig | irgendwie | etwas | sich darum kümmern | mal sehen",
  fr: "etc | si besoin | si nécessaire | d'une manière ou d'une autre | quelque chose | s'occuper de",
  es: "etc | si es necesario | de alguna manera | algo | encargarse de",
  it: "ecc | se necessario | in qualche modo | qualcosa | occuparsi di",
  pt: "etc | se necessário | de alguma forma | alguma coisa | tratar de",
  nl: "enz | indien nodig | op een of andere manier | iets",
  ru: "и т.д | и так далее | при необходимости | как-нибудь | что-нибудь",
  ja: "など | 必要に応じて | なんとか | 適宜",
  zh: "等等 | 如有需要 | 想办法 | 随便",
  ko: "등등 | 필요하면 | 어떻게든",
});
