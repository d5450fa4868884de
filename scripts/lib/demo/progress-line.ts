import type { FanOut } from '../client/fan-out.ts';

const STATES: Record<FanOut['state'], string> = {
  waiting: '等待投影 waiting for the projection',
  'awaiting-confirmation': '待确认 awaiting an officer',
  running: '进行中 running',
  done: '已结清 settled',
  recalled: '已撤回 recalled',
  superseded: '已更替 superseded',
};

/** Where a fan-out stands, on one line. */
export function progressLine(fanOut: FanOut): string {
  const { state, exposed, alerted, published, casesOpened, casesAttached, listed, parked } = fanOut;
  const parts: [string, number][] = [
    ['暴露 exposed', exposed],
    ['预警 alerted', alerted],
    ['已发布 published', published],
    ['排查 listed', listed],
    ['立案 cases', casesOpened],
    ['并案 attached', casesAttached],
    ['搁置 parked', parked],
  ];
  const shown = parts.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
  return [STATES[state], ...shown].join(' · ');
}
