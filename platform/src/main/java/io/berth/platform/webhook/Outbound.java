// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Sends one message. A name is resolved once, by {@link Reach}'s leave, and the connection goes to what came of that: a name that means another address a
 * moment later (DNS rebinding) gets nowhere. No redirects, no cookies, no proxies, nothing unpacked; of the answer nothing is read but its head.
 */
@Component
class Outbound implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Outbound.class);

    private static final Timeout CONNECT = Timeout.ofSeconds(5);
    private static final Timeout SILENCE = Timeout.ofSeconds(10);

    /** However slowly an endpoint answers, byte by byte. */
    static final long WHOLE_SECONDS = 15;

    /** One endpoint each is sent to at a time; see Sending. */
    private static final int MOST_CONNECTIONS = Sending.MOST_AT_ONCE;

    /** Of an answer's head; far beyond any that is meant well. */
    private static final Http1Config HEAD =
            Http1Config.custom().setMaxLineLength(8192).setMaxHeaderCount(100).build();

    private final Reach reach;
    private final CloseableHttpClient plain;
    private final CloseableHttpClient encrypted;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("webhook-deadlines").factory());

    Outbound(Reach reach) {
        this.reach = reach;
        this.plain = client(false);
        this.encrypted = client(true);
    }

    private CloseableHttpClient client(boolean isEncrypted) {
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new Admitted(isEncrypted))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(HEAD)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT)
                        .setSocketTimeout(SILENCE)
                        .build())
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setMaxConnPerRoute(MOST_CONNECTIONS)
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(CONNECT)
                        .setResponseTimeout(SILENCE)
                        .build())
                .setUserAgent("Berth")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    /** Says the same of every host, whatever its name leads to and whether it leads anywhere: what names this network has is nobody's business outside. */
    private static final class NotAdmittedException extends UnknownHostException {
        NotAdmittedException() {
            super(
                    "the host's name is unknown, or leads to where this platform sends nothing; check it, or ask the operator"
                            + " (BERTH_WEBHOOK_NETWORKS)");
        }
    }

    /** Resolves, and lets through what may be sent to: all of it, or none. */
    private final class Admitted implements DnsResolver {
        private final boolean isEncrypted;

        Admitted(boolean isEncrypted) {
            this.isEncrypted = isEncrypted;
        }

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] found = found(host);
            for (InetAddress address : found) {
                if (!reach.admits(address, isEncrypted)) {
                    LOG.info(
                            "webhook not sent host={} address={}: not on the internet", host, address.getHostAddress());
                    throw new NotAdmittedException();
                }
            }
            return found;
        }

        private static InetAddress[] found(String host) throws UnknownHostException {
            try {
                return InetAddress.getAllByName(host);
            } catch (UnknownHostException e) {
                LOG.debug("webhook not sent", e);
                throw new NotAdmittedException();
            }
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /**
     * What came of it.
     *
     * @param status null where there was no answer
     * @param trouble null where it was taken
     */
    record Answer(@Nullable Integer status, @Nullable String trouble) {
        /** The endpoint says that it is there no more, and wants nothing. */
        boolean isGone() {
            return Integer.valueOf(410).equals(status);
        }
    }

    Answer post(String url, Map<String, String> headers, String body) {
        String complaint = reach.complaint(url);
        if (complaint != null) {
            return new Answer(null, complaint);
        }
        var request = new HttpPost(URI.create(url));
        headers.forEach(request::setHeader);
        request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        ScheduledFuture<?> deadline = deadlines.schedule(request::abort, WHOLE_SECONDS, TimeUnit.SECONDS);
        try {
            return answer(url.startsWith("https:") ? encrypted : plain, request);
        } finally {
            deadline.cancel(false);
        }
    }

    @SuppressWarnings("deprecation") // the other way reads the answer's body to its end
    private static Answer answer(CloseableHttpClient client, HttpPost request) {
        try (var response = client.execute(request)) {
            int status = response.getCode();
            request.abort(); // nothing of the body is of use
            return new Answer(status, status / 100 == 2 ? null : "answered " + status);
        } catch (IOException | IllegalStateException e) {
            return new Answer(null, request.isAborted() ? "no answer within " + WHOLE_SECONDS + " s" : trouble(e));
        }
    }

    /** In words of ours where the library's would name addresses. */
    private static String trouble(Exception failure) {
        return switch (failure) {
            case NotAdmittedException e -> String.valueOf(e.getMessage());
            case ConnectTimeoutException _ -> "no connection within " + CONNECT.toSeconds() + " s";
            case SocketTimeoutException _ -> "no answer within " + SILENCE.toSeconds() + " s";
            case SSLException e -> "TLS: " + shortened(String.valueOf(e.getMessage()));
            case SocketException _ -> "no connection: nothing listens there, or a firewall refuses";
            default -> "no answer that is HTTP (" + failure.getClass().getSimpleName() + ")";
        };
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    @Override
    public void destroy() throws IOException {
        deadlines.shutdownNow();
        plain.close();
        encrypted.close();
    }
}
