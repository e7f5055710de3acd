import { findPhrases } from "./phrases.ts";

/** Expressions of doubt. */
export const findHedging = findPhrases({
  en: `
    maybe | perhaps | possibly | probably | might be | might have | might work | should be fine |
    should pass | should work | i think | i guess | i believe | i suppose | i assume | not sure |
    not certain | not entirely | unsure | uncertain | hard to say | seems to | seem to | appears to |
    it seems | roughly speaking | as far as i know | to the best of my knowledge | it depends |
    more or less | or something | presumably | on the other hand | i could be wrong`,
  de: `
    vielleicht | eventuell | möglicherweise | wahrscheinlich | vermutlich | unter umständen | ich glaube |
    ich denke | ich vermute | nicht sicher | nicht ganz sicher | unsicher | könnte sein | dürfte |
    scheint | scheinbar | schätzungsweise | irgendwie | soweit ich weiß`,
  fr: `
    peut-être | probablement | éventuellement | sans doute | je pense | je crois | pas sûr | pas certain |
    il semble | on dirait | il se peut | pourrait être`,
  es: `
    quizá | quizás | tal vez | probablemente | posiblemente | a lo mejor | creo que | pienso que |
    supongo | no estoy seguro | no estoy segura | parece que | podría ser | puede que`,
  it: `
    forse | probabilmente | magari | credo che | penso che | suppongo | non sono sicuro |
    non sono sicura | sembra che | potrebbe essere`,
  pt: `
    talvez | provavelmente | possivelmente | acho que | creio que | suponho | não tenho certeza |
    parece que | pode ser que`,
  nl: "misschien | waarschijnlijk | mogelijk | ik denk | ik geloof | niet zeker | het lijkt",
  pl: "może | prawdopodobnie | chyba | wydaje się | myślę że | nie jestem pewien | nie jestem pewna",
  ru: `
    возможно | наверное | вероятно | может быть | я думаю | кажется | не уверен | не уверена |
    скорее всего`,
  tr: "belki | sanırım | galiba | muhtemelen | emin değilim",
  ar: "ربما | قد يكون | أعتقد | أظن | لست متأكدا | لست متأكدًا | من المحتمل | يبدو أن",
  hi: "शायद | संभवतः | मुझे लगता है | पक्का नहीं",
  ja: "かもしれ | たぶん | おそらく | と思います | と思われ | ようです | はっきりしません | 自信がありません",
  zh: "也许 | 可能 | 大概 | 或许 | 不确定 | 不太清楚 | 我觉得 | 我猜 | 似乎 | 好像",
  ko: "아마 | 것 같습니다 | 것 같아요 | 확실하지 | 일지도",
});
