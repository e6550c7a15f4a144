/**
 * Domains at which anybody can have a mailbox, and nobody any address: those that most people write from. One that is
 * missing here is taken for that of a company, whose many people are acknowledged as often as one.
 */
const DOMAINS = new Set(
  (
    'gmail.com googlemail.com outlook.com outlook.de outlook.fr hotmail.com hotmail.de hotmail.fr hotmail.co.uk ' +
    'live.com live.de live.fr live.co.uk msn.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk yahoo.it yahoo.es ' +
    'yahoo.co.jp yahoo.co.in yahoo.com.br ymail.com rocketmail.com aol.com aol.de icloud.com me.com mac.com ' +
    'gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de posteo.de mailbox.org mail.de ' +
    'proton.me protonmail.com pm.me tutanota.com tuta.com fastmail.com hey.com zoho.com mail.com ' +
    'orange.fr wanadoo.fr free.fr sfr.fr laposte.net libero.it virgilio.it tiscali.it bluewin.ch telenet.be ' +
    'skynet.be ziggo.nl kpnmail.nl btinternet.com sky.com virginmedia.com comcast.net verizon.net att.net ' +
    'sbcglobal.net bellsouth.net cox.net charter.net shaw.ca rogers.com bigpond.com wp.pl o2.pl onet.pl interia.pl ' +
    'seznam.cz mail.ru yandex.ru rambler.ru ukr.net qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net ' +
    'uol.com.br bol.com.br terra.com.br rediffmail.com'
  ).split(' '),
);

export function isMailboxProvider(domain: string): boolean {
  return DOMAINS.has(domain);
}
