// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.problem;

import io.berth.core.spec.InvalidSpecException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolationException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** The one place where an exception becomes an answer. */
@RestControllerAdvice
class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler(ProblemException.class)
    ResponseEntity<Problem> refused(ProblemException e) {
        HttpHeaders headers = new HttpHeaders();
        if (e.retryAfter() != null) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(e.retryAfter().toSeconds() + 1));
        }
        return answer(e.problem(), headers);
    }

    @ExceptionHandler(InvalidSpecException.class)
    ResponseEntity<Problem> invalidSpec(InvalidSpecException e) {
        return answer(Problem.of(ProblemKind.INVALID_FIELD, String.valueOf(e.getMessage()), e.field()));
    }

    @ExceptionHandler(HttpMessageNotReadableException.class)
    ResponseEntity<Problem> unreadable(HttpMessageNotReadableException e) {
        return e.getMostSpecificCause() instanceof RequestTooLargeException tooLarge
                ? answer(tooLarge.problem())
                : answer(JsonComplaint.of(e.getCause()));
    }

    @ExceptionHandler(MethodArgumentNotValidException.class)
    ResponseEntity<Problem> invalid(MethodArgumentNotValidException e) {
        Optional<FieldError> first = Optional.ofNullable(e.getBindingResult().getFieldError());
        String field = first.map(FieldError::getField).orElse("body");
        String reason = first.map(FieldError::getDefaultMessage).orElse("is wrong");
        return answer(Problem.of(ProblemKind.INVALID_FIELD, field + ": " + reason, field));
    }

    @ExceptionHandler(MethodArgumentTypeMismatchException.class)
    ResponseEntity<Problem> mismatch(MethodArgumentTypeMismatchException e) {
        return answer(Problem.of(
                ProblemKind.INVALID_FIELD,
                e.getName() + ": the value has another form; see the OpenAPI document",
                e.getName()));
    }

    @ExceptionHandler(MissingServletRequestParameterException.class)
    ResponseEntity<Problem> missing(MissingServletRequestParameterException e) {
        String name = e.getParameterName();
        return answer(Problem.of(
                ProblemKind.INVALID_FIELD, name + ": is missing in the query; see the OpenAPI document", name));
    }

    @ExceptionHandler({HandlerMethodValidationException.class, ConstraintViolationException.class})
    ResponseEntity<Problem> invalidParameter(Exception e) {
        String field = e instanceof HandlerMethodValidationException invalid
                ? invalid.getParameterValidationResults().stream()
                        .map(result -> result.getMethodParameter().getParameterName())
                        .findFirst()
                        .orElse(null)
                : null;
        return answer(Problem.of(
                ProblemKind.INVALID_FIELD,
                (field == null ? "a parameter" : field) + ": out of range; see the OpenAPI document",
                field));
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class,
        TransactionSystemException.class
    })
    ResponseEntity<Problem> databaseGone(Exception e) {
        LOG.warn("database does not answer: {}", e.getMessage());
        return refused(ProblemException.unavailable(
                "the database does not answer, or too many ask it at once; try again in a moment"));
    }

    /** What no check of ours foresaw and the database refused: text with a NUL, two requests at once. */
    @ExceptionHandler(DataIntegrityViolationException.class)
    ResponseEntity<Problem> refusedByDatabase(DataIntegrityViolationException e) {
        LOG.info("database refused a value: {}", e.getMostSpecificCause().getMessage());
        return e.getMostSpecificCause() instanceof SQLException sql
                        && String.valueOf(sql.getSQLState()).startsWith("23")
                ? answer(Problem.of(ProblemKind.CONFLICT, "something else changed at the same time; try again"))
                : answer(Problem.of(ProblemKind.INVALID_FIELD, "a value has characters or a size that can't be kept"));
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<Problem> anything(Exception e, HttpServletRequest request) throws Exception {
        if (e instanceof AccessDeniedException denied) {
            throw denied; // Spring Security's own filter answers it
        }
        if (e instanceof ErrorResponse known) {
            return answer(ofStatus(known.getStatusCode(), request), known.getHeaders());
        }
        if (e instanceof ServletRequestBindingException) {
            return answer(Problem.of(ProblemKind.MALFORMED_REQUEST, "a parameter or header is missing"));
        }
        if (e instanceof java.io.IOException) {
            LOG.debug("connection lost while answering", e);
            return answer(Problem.of(ProblemKind.INTERNAL, "the connection was lost"));
        }
        LOG.error("unexpected failure, method={} path={}", request.getMethod(), request.getRequestURI(), e);
        return answer(Problem.of(ProblemKind.INTERNAL, "the platform failed; its log says more"));
    }

    static Problem ofStatus(HttpStatusCode status, HttpServletRequest request) {
        String path = String.valueOf(request.getRequestURI());
        return switch (status.value()) {
            case 400 -> Problem.of(ProblemKind.MALFORMED_REQUEST, "the request is malformed; see the OpenAPI document");
            case 401 -> Problem.of(ProblemKind.NOT_SIGNED_IN, "sign in by password, session or API token");
            case 403 -> Problem.of(ProblemKind.FORBIDDEN, "you may not do this");
            case 404 -> Problem.of(ProblemKind.NOT_FOUND, "there is nothing at '" + path + "'");
            case 405 -> Problem.of(ProblemKind.METHOD_NOT_ALLOWED, request.getMethod() + " is not allowed at " + path);
            case 406 -> Problem.of(ProblemKind.NOT_ACCEPTABLE, "accept application/json");
            case 413 -> Problem.of(ProblemKind.TOO_LARGE, "send less");
            case 415 -> Problem.of(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "send application/json");
            case 503 -> Problem.of(ProblemKind.UNAVAILABLE, "try again in a moment");
            default ->
                status.is4xxClientError()
                        ? Problem.of(ProblemKind.MALFORMED_REQUEST, "the request was refused with status " + status)
                        : Problem.of(ProblemKind.INTERNAL, "the platform failed; its log says more");
        };
    }

    private static ResponseEntity<Problem> answer(Problem problem) {
        return answer(problem, null);
    }

    private static ResponseEntity<Problem> answer(Problem problem, @Nullable HttpHeaders headers) {
        return ResponseEntity.status(problem.status())
                .headers(headers == null ? new HttpHeaders() : headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
