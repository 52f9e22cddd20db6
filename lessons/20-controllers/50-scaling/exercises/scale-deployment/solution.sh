kubectl scale deployment/dp --replicas=3
