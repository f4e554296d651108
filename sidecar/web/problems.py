"""Errors as `application/problem+json` with a stable code; nothing internal is shown."""

import json
from http import HTTPStatus

import structlog
from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

log = structlog.get_logger()


class Problem(Exception):
    """An answer that refuses: `code` is stable, `detail` one sentence saying what was wrong and what to do."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


def problem_response(status: int, code: str, detail: str) -> Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    return Response(json.dumps(body), status, content_type="application/problem+json")


def install(app: Flask) -> None:
    @app.errorhandler(Problem)
    def _problem(problem: Problem) -> Response:
        return problem_response(problem.status, problem.code, problem.detail)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        code = error.name.lower().replace(" ", "_")
        response = problem_response(status, code, error.description or error.name)
        if retry_after := getattr(error, "retry_after", None):
            response.headers["Retry-After"] = str(retry_after)
        if valid_methods := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(valid_methods)
        return response

    @app.errorhandler(SQLAlchemyError)
    def _no_database(error: SQLAlchemyError) -> Response:
        log.error("the database does not answer", error=type(error).__name__)
        return problem_response(503, "database_down", "The database does not answer just now: please try again.")

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        log.exception("a request could not be answered", error=type(error).__name__)
        return problem_response(500, "internal_error", "Something went wrong here; it is logged. Please try again.")
