import { InvalidValue, isUuid } from '@fangpin/domain-kit';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';

/** An id in a path: its lower-case form. Refuses what is no UUID with a problem that names the parameter. */
export class PathUuid implements PipeTransform<string, string> {
  transform(value: string, { data }: ArgumentMetadata): string {
    const id = value.toLowerCase();
    if (!isUuid(id)) throw new InvalidValue(data ?? 'id', value, 'must be a UUID');
    return id;
  }
}
