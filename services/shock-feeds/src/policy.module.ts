import { loadPolicy, PolicySet } from '@fangpin/policy';
import { isListed } from '@fangpin/regions';
import { Module, type DynamicModule } from '@nestjs/common';

/** The policy of this build with the overlay of the deployment; a service on a broken one does not start. */
@Module({})
export class PolicyModule {
  static forRoot(overlayDir: string | undefined): DynamicModule {
    const useFactory = (): PolicySet =>
      loadPolicy({ overlayDirs: overlayDir === undefined ? [] : [overlayDir], isPlace: isListed });
    return {
      module: PolicyModule,
      global: true,
      providers: [{ provide: PolicySet, useFactory }],
      exports: [PolicySet],
    };
  }
}
