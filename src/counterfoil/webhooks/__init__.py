"""Telling a platform's servers what happened: endpoints, signatures, deliveries, their log."""
