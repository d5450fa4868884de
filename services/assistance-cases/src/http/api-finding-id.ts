import { ApiProperty } from '@nestjs/swagger';

/** How answers describe their `findingId`; its value is `findingIdOf` (show.ts). */
export const ApiFindingId = (): PropertyDecorator =>
  ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The finding behind it, as its alert names it; null where a shock is, or several causes together',
  });
