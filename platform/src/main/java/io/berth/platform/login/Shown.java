// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.login;

import io.berth.core.access.AccessRules;
import io.berth.platform.sshkey.UserCertificate;
import io.berth.platform.sshlog.SshPolicy;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a key or certificate that the platform knows opens.
 *
 * @param subject who it is, for the audit trail
 * @param row of the key, or of the certificate
 * @param person who added the key or asked for the certificate; null when they have left the tenant since
 * @param certificate null for a key
 * @param container null when the tenant has none of that name
 * @param needsCode whether the tenant demands a second factor over SSH
 * @param names of some of its containers, when it has not that one
 */
record Shown(
        String subject,
        UUID row,
        @Nullable UUID person,
        AccessRules rules,
        @Nullable UserCertificate certificate,
        boolean isRevoked,
        UUID tenantId,
        String tenant,
        boolean isActive,
        @Nullable UUID container,
        boolean isMade,
        LoginDecision.@Nullable Stopped stopped,
        @Nullable String quarantine,
        @Nullable String names,
        SshPolicy policy,
        boolean needsCode) {}
