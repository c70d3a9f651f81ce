// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.lobby.Rest;

/** What the platform lends for one client's stay in the lobby. */
record LobbyCredential(String id, Rest rest, String tenant, String person) {}
