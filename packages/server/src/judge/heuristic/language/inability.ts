import { findPhrases } from "./phrases.ts";

/** Admissions that the task was not done: could not, would not, gave up. */
export const findInability = findPhrases({
  en: `
    i'm unable | i am unable | i was unable | we are unable | we were unable | unable to | i can't |
    i cannot | we can't | we cannot | i could not | i couldn't | could not be | couldn't be |
    could not find | couldn't find | was not able | wasn't able | am not able | i don't have access |
    i do not have access | not possible | no way to | failed to | has failed | did not succeed |
    i don't know | i do not know | beyond my | i give up | not available to me |
    i don't have the ability | i don't have information | i do not have information | as an ai`,
  de: `
    ich kann nicht | kann ich nicht | kann leider nicht | konnte nicht | konnte ich nicht |
    konnte leider | nicht möglich | nicht in der lage | ist fehlgeschlagen | weiß ich nicht |
    ich weiß nicht | leider nicht möglich`,
  fr: `
    je ne peux pas | je n'ai pas pu | je ne suis pas en mesure | impossible de | n'est pas possible |
    a échoué | je ne sais pas | je n'ai pas réussi`,
  es: `
    no puedo | no pude | no he podido | no podemos | no es posible | imposible | no fue posible | no sé |
    ha fallado | no tengo acceso`,
  it: `
    non posso | non sono riuscito | non sono riuscita | non è possibile | impossibile |
    non è stato possibile | non so | è fallito`,
  pt: `
    não posso | não consegui | não consigo | não é possível | não foi possível | impossível | não sei |
    falhou`,
  nl: "ik kan niet | kan ik niet | kon niet | niet mogelijk | is mislukt | niet gelukt | ik weet het niet",
  pl: "nie mogę | nie mogłem | nie udało się | nie jest możliwe | niemożliwe | nie wiem",
  ru: "не могу | не смог | не смогла | не удалось | невозможно | не получилось | я не знаю",
  tr: "yapamıyorum | yapamam | mümkün değil | başarısız oldu | bilmiyorum",
  ar: "لا أستطيع | لا يمكنني | لم أتمكن | لم أستطع | غير ممكن | تعذر | لا أعرف",
  hi: "मैं नहीं कर सकता | संभव नहीं | असमर्थ | मुझे नहीं पता",
  ja: "できません | できませんでした | いたしかねます | わかりません | 失敗しました | 不可能",
  zh: "无法 | 不能为您 | 做不到 | 没有办法 | 不可能 | 未能 | 失败了 | 我不知道",
  ko: "할 수 없습니다 | 할 수 없어요 | 못했습니다 | 불가능 | 실패했습니다 | 모르겠습니다",
});
