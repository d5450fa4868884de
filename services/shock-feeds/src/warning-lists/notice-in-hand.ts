/** A notice on its way in, under the key by which a repeat is known. */
import type { MessageOrigin } from '../shocks/shock-message.entity.js';
import type { Notice } from './notice.js';

export interface NoticeInHand {
  /** Of the notice; each warning of a notice that holds several adds its place. */
  readonly key: string;
  readonly origin: Extract<MessageOrigin, 'list' | 'text'>;
  readonly notice: Notice;
  /** What the feed itself gives cause to note. */
  readonly problems: readonly { readonly code: string; readonly text: string }[];
}
