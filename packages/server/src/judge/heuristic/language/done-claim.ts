import { findPhrases } from "./phrases.ts";

/** Claims that something was done, which must have been done by a tool. */
export const findDoneClaim = findPhrases({
  en: `
    i have booked | i've booked | i have sent | i've sent | i have updated | i've updated |
    i have cancelled | i've cancelled | i have canceled | i've canceled | i have created | i've created |
    i have added | i've added | i have changed | i've changed | i have moved | i've moved |
    i have deleted | i've deleted | i have removed | i've removed | i have scheduled | i've scheduled |
    i have refunded | i've refunded | i have opened | i've opened | i have closed | i've closed |
    i have reserved | i've reserved | has been booked | has been sent | has been updated |
    has been cancelled | has been canceled | has been created | has been changed | has been refunded |
    has been processed | has been closed | has been resolved | have been updated | have been booked |
    is booked | is confirmed | successfully`,
  de: `
    habe gebucht | wurde gebucht | ist gebucht | habe ich gebucht | wurde gesendet | wurde storniert |
    wurde geändert | wurde erstellt | ist bestätigt | erfolgreich | habe ich eingetragen |
    wurde erstattet`,
  fr: `
    j'ai réservé | a été réservé | j'ai envoyé | a été envoyé | a été annulé | a été modifié |
    est confirmé | est confirmée | avec succès`,
  es: `
    he reservado | ha sido reservado | he enviado | te hemos enviado | ha sido cancelado |
    ha sido actualizado | está confirmada | está confirmado | con éxito`,
  it: `
    ho prenotato | è stato prenotato | ho inviato | è stato annullato | è confermato | è confermata |
    con successo`,
  pt: "reservei | foi reservado | enviei | foi cancelado | foi atualizado | está confirmado | com sucesso",
  nl: "is geboekt | heb ik geboekt | is verzonden | is geannuleerd | is bevestigd",
  pl: "zarezerwowałem | zostało zarezerwowane | wysłano | anulowano | pomyślnie",
  ru: "забронировал* | забронирован* | отправлен* | отменён | отменен | успешно | подтверждён | подтвержден",
  tr: "rezerve edildi | gönderildi | iptal edildi | başarıyla | onaylandı",
  ar: "تم حجز | تم إرسال | تم إلغاء | تم تحديث | بنجاح | تم تأكيد",
  ja: "予約しました | 登録しました | 変更しました | 送信しました | 送りました | キャンセルしました | 完了しました | 移動しました",
  zh: "已预订 | 已发送 | 已取消 | 已更新 | 已完成 | 成功",
  ko: "예약했습니다 | 예약되었습니다 | 보냈습니다 | 취소되었습니다 | 완료되었습니다",
});
