// SPDX-License-Identifier: Apache-2.0
import type { components } from './schema';

type Schemas = components['schemas'];

/** The platform's answers have all their fields; what may be missing is null. The document can't say the first. */
type Whole<T> = T extends (infer E)[]
  ? Whole<E>[]
  : T extends object
    ? { [K in keyof T]-?: Whole<NonNullable<T[K]>> | Extract<T[K], null> }
    : T;

/** Fields that the platform leaves null at times. */
type Nullable<T, K extends keyof T> = Omit<T, K> & { [P in K]: T[P] | null };

export type Me = Whole<Schemas['Me']>;
export type Factors = Nullable<Whole<Schemas['Factors']>, 'totpSince'>;
export type SignInPolicy = Whole<Schemas['SignInPolicy']>;
export type Suspension = Nullable<Whole<Schemas['Suspension']>, 'reason' | 'by'>;
export type Deletion = Nullable<Whole<Schemas['Deletion']>, 'reason' | 'by'>;
export type Tenant = Omit<Nullable<Whole<Schemas['Tenant']>, 'parent' | 'overBudget'>, 'suspension' | 'deletion'> & {
  suspension: Suspension | null;
  deletion: Deletion | null;
};
export type TenantChange = Schemas['TenantChange'];
export type Container = Nullable<
  Whole<Schemas['Container']>,
  'imageAlias' | 'state' | 'observedAt' | 'startedAt' | 'lastExit' | 'lastError' | 'quarantine'
>;
export type Operation = Nullable<
  Whole<Schemas['Operation']>,
  'tenant' | 'progress' | 'error' | 'startedAt' | 'finishedAt'
>;
export type Image = Whole<Schemas['Image']>;
export type SshKey = Nullable<Whole<Schemas['SshKey']>, 'lastUsedAt'>;
export type KeyOptions = Schemas['KeyOptions'];
export type SshCertificate = Nullable<Whole<Schemas['SshCertificate']>, 'issuedBy' | 'revokedAt'>;
export type HostKey = Whole<Schemas['HostKey']>;
export type Token = Nullable<Whole<Schemas['Token']>, 'token' | 'tenant' | 'expiresAt' | 'lastUsedAt' | 'revokedAt'>;
export type Member = Whole<Schemas['Member']>;
export type User = Whole<Schemas['User']>;
export type Node = Nullable<Whole<Schemas['Node']>, 'lastSeenAt'>;
export type IdRange = Nullable<
  Whole<Schemas['IdRange']>,
  'container' | 'name' | 'tenant' | 'since' | 'until'
>;
export type VirtualPatch = Nullable<Whole<Schemas['VirtualPatch']>, 'addedBy'>;
export type Drift = Nullable<Whole<Schemas['Drift']>, 'endedAt'>;
export type Denials = Whole<Schemas['Denials']>;
export type Usage = Nullable<Whole<Schemas['Usage']>, 'diskBytes'>;
/** What GET …/usage answers, and when the kernel was asked. */
export type LiveUsage = Usage & { at: string };
export type UsageSample = Whole<Schemas['UsageSample']>;
export type UsagePeriod = Nullable<Whole<Schemas['UsagePeriod']>, 'container' | 'name'>;
export type Snapshot = Nullable<Whole<Schemas['Snapshot']>, 'cadence' | 'takenAt'>;
export type Volume = Nullable<Whole<Schemas['Volume']>, 'lastError'>;
export type VolumeUsage = Nullable<Whole<Schemas['VolumeUsage']>, 'bytes' | 'inodes'>;
export type SnapshotSchedule = Whole<Schemas['SnapshotSchedule']>;
export type PublishedPort = Whole<Schemas['PublishedPort']>;
export type SshSession = Whole<Schemas['SshSession']>;
export type Grant = Nullable<Whole<Schemas['Grant']>, 'grantedBy' | 'endedAt' | 'endedBy' | 'trouble'>;
export type Passport = Whole<Schemas['ContainerPassport']>;
export type QuotaReport = Nullable<Omit<Whole<Schemas['QuotaReport']>, 'resources'>, 'parent'> & { resources: QuotaLine[] };
export type QuotaLine = Nullable<Whole<Schemas['QuotaLine']>, 'hard' | 'soft'>;
export type Invitation = Nullable<Whole<Schemas['Invitation']>, 'token' | 'acceptedBy' | 'acceptedAt' | 'revokedAt'>;
export type TrailEntry = Nullable<
  Whole<Schemas['TrailEntry']>,
  'actorId' | 'actor' | 'credential' | 'tenant' | 'tenantId' | 'status' | 'asked' | 'before' | 'after'
>;
export type AuditVerification = Nullable<Whole<Schemas['Verification']>, 'firstBroken'>;
type Party = Nullable<Whole<Schemas['Party']>, 'taxId'>;
export type Invoice = Nullable<
  Omit<Whole<Schemas['Invoice']>, 'issuer' | 'customer'>,
  'number' | 'corrects' | 'reason' | 'finalAt'
> & { issuer: Party; customer: Party };
export type InvoiceLine = Nullable<Whole<Schemas['InvoiceLine']>, 'meter' | 'plan'>;
export type Forecast = Whole<Schemas['Forecast']>;
export type Balance = Whole<Schemas['Balance']>;
export type PlanAssignment = Nullable<Whole<Schemas['Assignment']>, 'plan'>;
export type Plan = Whole<Schemas['Plan']>;
export type PriceBook = Whole<Schemas['PriceBook']>;
type Price = Nullable<Omit<Whole<Schemas['PriceWish']>, 'tiers'>, 'included' | 'granularity'> & {
  tiers: Nullable<Whole<Schemas['TierWish']>, 'upTo'>[];
};
export type PriceBookVersion = Omit<Whole<Schemas['PriceBookVersion']>, 'prices'> & { prices: Price[] };
export type Recording = Nullable<Whole<Schemas['Recording']>, 'title' | 'endedAt' | 'how'>;
export type RecordingPolicy = Whole<Schemas['RecordingPolicy']>;
export type WebhookEndpoint = Nullable<Whole<Schemas['Endpoint']>, 'label' | 'disabledBecause' | 'secret'>;
export type EndpointWish = Schemas['EndpointWish'];
export type Delivery = Nullable<Whole<Schemas['Delivery']>, 'nextAt' | 'doneAt'>;
export type Attempt = Nullable<Whole<Schemas['Attempt']>, 'status' | 'trouble'>;
export type SshAuthority = Nullable<Whole<Schemas['SshAuthority']>, 'addedBy'>;
export type SshBan = Nullable<Whole<Schemas['SshBan']>, 'bannedBy' | 'expiresAt'>;
export type SecondFactorDemand = Whole<Schemas['Demand']>;
export type BudgetCaps = { throttleAt: number | null; freezeAt: number | null; stopAt: number | null };
export type Budget = Omit<Nullable<Whole<Schemas['Budget']>, 'step'>, 'caps'> & { caps: BudgetCaps };
export type NewBudget = Schemas['NewBudget'];
export type BudgetNote = Nullable<Whole<Schemas['BudgetNote']>, 'percent' | 'step'>;
export type Coupon = Nullable<Whole<Schemas['Coupon']>, 'most' | 'expiresAt' | 'endedAt'>;
export type Redemption = Whole<Schemas['Redemption']>;
