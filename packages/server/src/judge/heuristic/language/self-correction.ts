import { findPhrases } from "./phrases.ts";

/** Phrases for taking something back or starting over. */
export const findSelfCorrection = findPhrases({
  en: `
    actually, no | wait, | hold on | on second thought | let me try again | let me retry |
    let me start over | i was wrong | i made a mistake | that was wrong | that is wrong | that's wrong |
    scratch that | never mind | correction: | let me reconsider | let me rethink | try a different |
    try another | or rather | then again | i take that back | contrary to what i said`,
  de: `
    moment, | doch nicht | ich korrigiere | ich habe mich geirrt | noch einmal von vorn | andererseits |
    nein, doch`,
  fr: "attendez, | en fait, non | je me suis trompé | je me corrige | je recommence | ou plutôt",
  es: "espera, | espere, | me equivoqué | en realidad no | mejor dicho | corrijo | por otro lado",
  it: "aspetta, | mi sono sbagliato | mi correggo | anzi | riprovo",
  pt: "espere, | me enganei | na verdade não | corrigindo | ou melhor",
  nl: "wacht, | ik had het mis | toch niet | ik probeer opnieuw",
  pl: "chwila, | pomyliłem się | pomyliłam się | jednak nie",
  ru: "подождите, | я ошибся | я ошиблась | точнее | нет, всё же",
  tr: "bekle, | yanılmışım | daha doğrusu",
  ar: "لحظة، | كنت مخطئا | في الواقع لا",
  ja: "訂正 | 間違えました | やはり | いや、 | もう一度試し",
  zh: "等一下 | 我错了 | 更正 | 不对 | 重新来 | 再试一次",
  ko: "잠깐, | 제가 틀렸 | 정정 | 다시 시도",
});
