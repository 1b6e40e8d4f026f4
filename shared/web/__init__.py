"""The HTTP face that every service shares: app, errors, callers, replay, operations.

Flask and flask-smorest only; knows neither nameko nor the broker.
"""
