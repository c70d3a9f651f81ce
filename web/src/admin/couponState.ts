// SPDX-License-Identifier: Apache-2.0
import type { Coupon } from '../api/types';

/** Whether somebody can still redeem it, and why not. */
export function couponState(coupon: Pick<Coupon, 'endedAt' | 'expiresAt' | 'most' | 'used'>, now: Date): 'open' | 'ended' | 'expired' | 'taken' {
  if (coupon.endedAt !== null) {
    return 'ended';
  }
  if (coupon.expiresAt !== null && new Date(coupon.expiresAt) <= now) {
    return 'expired';
  }
  return coupon.most !== null && coupon.used >= coupon.most ? 'taken' : 'open';
}
